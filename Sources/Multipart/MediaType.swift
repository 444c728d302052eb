/// A media type with its parameters (RFC 9110 §8.3.1), as in `Content-Type`.
package struct MediaType: Sendable {
    /// `type/subtype` in lower case, without parameters.
    package var essence: String { parameters.value }
    private let parameters: HeaderParameters

    /// Nil where the text is no media type, or gives a parameter twice.
    package init?(_ text: String) {
        guard let header = HeaderParameters(text), header.isMediaType else { return nil }
        parameters = header
    }

    /// A parameter's value; `name` in lower case.
    package subscript(name: String) -> String? { parameters[name] }

    /// `application/json`, `text/json`, or a type with the suffix `+json` (RFC 6839 §3.1).
    package var isJSON: Bool {
        essence == "application/json" || essence == "text/json" || essence.hasSuffix("+json")
    }

    /// The boundary of a multipart type.
    ///
    /// - Throws: `FormError.Code.invalidBoundary` where there is none, or one that breaks RFC 2046 §5.1.1: 1 to 70
    ///   characters of a small set, not ending in a space.
    package func boundary() throws(FormError) -> String {
        guard let boundary = self["boundary"] else {
            throw FormError(.invalidBoundary, "the content type \(essence) needs a boundary parameter")
        }
        guard Self.isBoundary(boundary) else {
            throw FormError(.invalidBoundary, "the boundary in the content type is not one that RFC 2046 allows")
        }
        return boundary
    }

    static func isBoundary(_ text: String) -> Bool {
        let extra: StaticString = "'()+_,-./:=? "
        var text = text
        return text.withUTF8 { bytes in
            (1...70).contains(bytes.count) && bytes.last != ASCII.space
                && bytes.allSatisfy { byte in byte.isAlphanumeric || extra.withUTF8Buffer { $0.contains(byte) } }
        }
    }
}
