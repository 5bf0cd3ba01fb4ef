/// One row of the source, its cells numbered as ``SourcePlan/columns``.
package protocol SourceCells {
    /// The whole text of a text cell; nil for NULL.
    func text(at index: Int) -> String?

    /// The number in an integer cell; nil for NULL.
    func integer(at index: Int) -> Int64?

    /// What stands in an integer cell that holds no integer, which loosely typed sources allow.
    ///
    /// Asked only of cells whose number is nil.
    func malformedInteger(at index: Int) -> String?
}

extension SourceCells {
    package func malformedInteger(at index: Int) -> String? { nil }
}
