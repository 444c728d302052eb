import Encodings

/// What may stand in place of a placeholder of a path.
enum PathValue {
    /// A slash is sent percent-encoded. Servers and proxies that decode before they take a path apart, and there are
    /// many, would let an id lead to another resource: `../../users`.
    ///
    /// - Parameter mayHoldSlashes: the last steps of placeholders that the definition allows it for.
    /// - Throws: `unsafeValue`.
    static func check(
        _ value: String, of placeholder: Template.Placeholder, mayHoldSlashes: Set<String>
    ) throws(CatalogError) {
        guard !value.isEmpty else {
            throw CatalogError(
                .unsafeValue, "'{{\(placeholder.text)}}' is empty, and a path cannot be made without it",
                placeholder: placeholder.text
            )
        }
        let names = Set(placeholder.paths.compactMap(\.last))
        let isSlashAllowed = !names.isEmpty && names.isSubset(of: mayHoldSlashes)
        // Encoded once more it may still be decoded twice on its way.
        for form in [value, PercentEncoding.decodedLeniently(value, plusIsSpace: false)] {
            let segments = form.split(omittingEmptySubsequences: false) { $0 == "/" || $0 == "\\" }
            let isSafe = segments.allSatisfy { $0 != "." && $0 != ".." } && (isSlashAllowed || segments.count == 1)
            guard isSafe else {
                throw CatalogError(
                    .unsafeValue, "'{{\(placeholder.text)}}' is '\(value.prefix(100))', which no part of a path may be",
                    placeholder: placeholder.text
                )
            }
        }
    }
}
