/// What people call an order by: not unique, so never used as identity alone.
package struct BusinessKey: Hashable, Sendable {
    package let orderNumber: String
    /// The customer as the source names it.
    package let customer: String
    package let style: String?
    package let colour: String?
    /// SHA-256 over the four values, null distinct from every text.
    package let digest: Digest

    package init(orderNumber: String, customer: String, style: String?, colour: String?) {
        self.orderNumber = orderNumber
        self.customer = customer
        self.style = style
        self.colour = colour
        var encoding = DigestEncoding(purpose: "business key", version: 1)
        encoding.append(orderNumber)
        encoding.append(customer)
        encoding.append(style)
        encoding.append(colour)
        self.digest = encoding.digest
    }

    package static func == (left: BusinessKey, right: BusinessKey) -> Bool { left.digest == right.digest }

    package func hash(into hasher: inout Hasher) { hasher.combine(self.digest) }
}
