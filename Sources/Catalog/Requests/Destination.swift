import Encodings
import JSON

/// Where a call goes.
struct Destination {
    /// Scheme and authority, and the path of a base URL.
    var base: String
    var path: String
    /// The query of a whole address as it was given: a signature may cover its exact text.
    var query: String?
}

extension RequestBuilder {
    /// - Throws: `unresolvedPlaceholder`, `unsafeValue` for what is no address.
    func destination(_ placeholders: TemplateContext, _ input: MappingInput) throws(CatalogError) -> Destination {
        guard let url = call.method.url else {
            return Destination(base: try baseURL(placeholders), path: try path(placeholders, input), query: nil)
        }
        let address = try url.wholeAddress(in: placeholders)
        let text = address.prefix { $0 != "#" }
        guard AddressHost.of(address) != nil, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
            let start = text.firstRange(of: "//")?.upperBound
        else { throw CatalogError(.unsafeValue, "the call's address is no http address") }
        let end = text[start...].firstIndex { $0 == "/" || $0 == "?" } ?? text.endIndex
        let mark = text[end...].firstIndex(of: "?") ?? text.endIndex
        let query = mark == text.endIndex ? nil : String(text[text.index(after: mark)...])
        return Destination(base: String(text[..<end]), path: String(text[end..<mark]), query: query)
    }
}

extension Template {
    /// Whether the host comes with the call, from the caller, a step or a session, and not from the definition or the
    /// account alone.
    var isAddressedByCall: Bool {
        var text = ""
        for piece in pieces {
            switch piece {
            case .text(let part): text += part
            case .placeholder(let placeholder):
                let isHostKnown = AddressText.authority(of: text).map { text.hasSuffix($0) == false } ?? false
                if isHostKnown { return false }
                let roots: Set = ["before", "query", "body", "session", "params", "id"]
                let paths = placeholder.paths.map { ["context", "credentials"].contains($0[0]) ? $0.dropFirst() : $0[...] }
                if paths.contains(where: { roots.contains($0.first ?? "") }) { return true }
            }
        }
        return false
    }

    /// A whole address: a placeholder at the start holds one as it is, any other one a part of it, percent-encoded.
    ///
    /// - Throws: `unresolvedPlaceholder`, `unsafeValue`.
    func wholeAddress(in scope: TemplateContext) throws(CatalogError) -> String {
        try addressText(in: scope) { at, _, value in at == 0 ? value : PercentEncoding.encoded(value) }
    }
}

/// Parts of an address by its text (RFC 3986 §3).
enum AddressText {
    /// Host and port in lower case; nil for a relative address.
    static func authority(of address: String) -> String? {
        guard let mark = address.firstRange(of: "//"),
            address[..<mark.lowerBound].allSatisfy({ $0 != "/" && $0 != "?" && $0 != "#" })
        else { return nil }
        return address[mark.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }.lowercased()
    }
}
