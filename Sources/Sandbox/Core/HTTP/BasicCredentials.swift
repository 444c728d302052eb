#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// `Authorization: Basic …` (RFC 7617).
struct BasicCredentials {
    var name: String
    var password: String

    /// Nil for a header of another scheme, or one that cannot be read.
    init?(_ header: String) {
        let pieces = header.split(separator: " ", maxSplits: 1)
        guard pieces.count == 2, pieces[0].lowercased() == "basic", let data = Data(base64Encoded: String(pieces[1]))
        else { return nil }
        let text = String(decoding: data, as: UTF8.self)
        guard let colon = text.firstIndex(of: ":") else { return nil }
        name = String(text[..<colon])
        password = String(text[text.index(after: colon)...])
    }
}
