import JSON

/// `requires`: which parameters a call needs, as alternatives.
enum Requirement {
    /// All of the list; of an inner list, one.
    static func decode(_ reader: DefinitionReader, _ key: String = "requires") -> [[String]] {
        reader.raw(key)?.array?.map { item in
            item.string.map { [$0] } ?? item.array?.compactMap(\.string) ?? []
        } ?? []
    }
}
