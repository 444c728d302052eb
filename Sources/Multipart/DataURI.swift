import Encodings

/// What stands before the comma of a `data:` URI (RFC 2397).
package struct DataURI: Sendable, Hashable {
    /// The media type with its parameters but for the name; `text/plain;charset=US-ASCII` where none is given.
    package let contentType: String
    /// True where the data are base64, false where they are percent-encoded.
    package let isBase64: Bool
    /// A file's name, which some libraries add as the parameter `name` or `filename`.
    package let filename: String?

    /// What a URI has that states no type (RFC 2397 §2).
    static let defaultType = "text/plain;charset=US-ASCII"

    /// Reads the text between `data:` and the comma; nil where it is malformed.
    package init?(head: String) {
        var pieces = head.split(separator: ";", omittingEmptySubsequences: false).map {
            String(decoding: $0.utf8.trimmed, as: UTF8.self)
        }
        isBase64 = pieces.count > 1 && pieces.last?.lowercased() == "base64"
        if isBase64 { pieces.removeLast() }
        var filename: String?
        pieces.removeAll { piece in
            let halves = piece.split(separator: "=", maxSplits: 1)
            guard halves.count == 2, ["name", "filename"].contains(halves[0].lowercased()) else { return false }
            filename = PercentEncoding.bytes(halves[1].utf8).map(\.headerText)
            return true
        }
        self.filename = filename
        let type = pieces.first ?? ""
        if type.isEmpty {
            let hasParameters = pieces.count > 1
            contentType = hasParameters ? "text/plain" + pieces.joined(separator: ";") : Self.defaultType
        } else {
            contentType = pieces.joined(separator: ";")
        }
        guard MediaType(contentType) != nil else { return nil }
    }
}
