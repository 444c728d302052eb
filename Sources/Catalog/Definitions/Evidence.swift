/// Where the facts about a call or a mapping come from.
package struct Evidence: Sendable, Hashable {
    /// Documents with their sections, as a person finds them again.
    package var sources: [String]
    /// Whether something about it is inferred, not documented.
    package var isUnverified: Bool
    package var reason: String?

    init(decoding reader: DefinitionReader) {
        sources = reader.text("source").map { [$0] } ?? reader.texts("source")
        isUnverified = reader.bool("unverified") ?? false
        reason = reader.text("unverified_reason")
    }
}
