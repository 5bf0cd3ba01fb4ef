/// One size of an order and how many pieces of it: a subitem on the board.
package struct SizeQuantity: Hashable, Sendable {
    /// The name of the source column, verbatim.
    package let label: String
    /// Always above zero.
    package let quantity: Int32

    package init(label: String, quantity: Int32) {
        self.label = label
        self.quantity = quantity
    }
}
