"""The labels of one status or dropdown column."""

STATUS_LIMIT = 40
STATUS_LENGTH = 30
DROPDOWN_LIMIT = 500


class Labels:
    """Label texts and ids, in order of creation. Texts are compared exactly: «qa passed» is not «QA Passed»."""

    def __init__(self, kind, seed=()):
        self.kind = kind
        self.limit = STATUS_LIMIT if kind == "status" else DROPDOWN_LIMIT
        self.by_id = {}
        self._by_text = {}
        for label in seed:
            text, label_id = (label, None) if isinstance(label, str) else (label["label"], label["id"])
            self._add(text, label_id)

    def find(self, text):
        return self._by_text.get(text)

    def room(self):
        return self.limit - len(self.by_id)

    def ensure(self, text):
        """The id of a label, made now if it is not there; limits are checked before by the column."""
        found = self._by_text.get(text)
        return self._add(text, None) if found is None else found

    def describe(self, most=60):
        """The list monday.com puts into its error; the real one names every label and reaches 8 KB."""
        shown = list(self.by_id.items())[:most]
        return "{" + ", ".join(f"{label_id}: {text}" for label_id, text in shown) + "}"

    def settings(self):
        if self.kind == "status":
            return {
                "labels": [
                    {"id": i, "color": i, "label": t, "index": n, "is_done": False, "is_deactivated": False}
                    for n, (i, t) in enumerate(self.by_id.items())
                ]
            }
        return {"labels": [{"id": i, "label": t, "is_deactivated": False} for i, t in self.by_id.items()]}

    def legacy_settings(self):
        """The form of the deprecated `settings_str`."""
        if self.kind == "status":
            return {"labels": {str(i): t for i, t in self.by_id.items()}}
        return {"labels": [{"id": i, "name": t} for i, t in self.by_id.items()]}

    def _add(self, text, label_id):
        if label_id is None:
            label_id = max(self.by_id, default=-1 if self.kind == "status" else 0) + 1
        self.by_id[label_id] = text
        self._by_text[text] = label_id
        return label_id
