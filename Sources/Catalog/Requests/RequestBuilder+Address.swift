import Encodings
import JSON

extension RequestBuilder {
    /// The base URL without a slash at its end.
    ///
    /// A placeholder at its very start may hold a whole address (`{{context.instance_url}}`); any other one only
    /// characters of a host name, so that no value can lead the credentials to another host.
    func baseURL(_ scope: TemplateContext) throws(CatalogError) -> String {
        try (call.method.baseURL ?? integration.baseURL).address(in: scope, startIsFree: true)
    }

    func path(_ scope: TemplateContext, _ input: MappingInput) throws(CatalogError) -> String {
        if let mapping = call.mapping.path {
            guard let path = try mapping.evaluate(input)?.string else {
                throw CatalogError(.expressionFailed, "\(mapping.place): gives no text")
            }
            return try Self.checked(path)
        }
        var out = ""
        for piece in call.method.path.pieces {
            switch piece {
            case .text(let text): out += text
            case .placeholder(let placeholder):
                let value = try Self.text(placeholder, scope, call.method.path)
                try PathValue.check(value, of: placeholder, mayHoldSlashes: call.method.pathSlashes)
                out += PercentEncoding.encoded(value)
            }
        }
        return out.isEmpty || out.hasPrefix("/") ? out : "/" + out
    }

    /// A path that an expression made is trusted with its slashes, not with leaving the API.
    private static func checked(_ path: String) throws(CatalogError) -> String {
        guard !path.split(separator: "/").contains(".."), path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
            !path.contains("?"), !path.contains("#")
        else { throw CatalogError(.unsafeValue, "the path mapping gave '\(path)', which is no path") }
        return path.hasPrefix("/") ? path : "/" + path
    }

    private static func text(
        _ placeholder: Template.Placeholder, _ scope: TemplateContext, _ template: Template
    ) throws(CatalogError) -> String {
        try template.addressText(placeholder, in: scope)
    }
}

extension Template {
    /// The template as an address without a slash at its end.
    ///
    /// A placeholder may hold only characters of a host name, so that no value can lead credentials to another host;
    /// where `startIsFree`, one at the very start may hold a whole address.
    ///
    /// - Throws: `unresolvedPlaceholder`, `unsafeValue`.
    package func address(in scope: TemplateContext, startIsFree: Bool = false) throws(CatalogError) -> String {
        let scope = scope.seen(by: origin)
        var out = ""
        for (at, piece) in pieces.enumerated() {
            switch piece {
            case .text(let text): out += text
            case .placeholder(let placeholder):
                let value = try addressText(placeholder, in: scope)
                guard (startIsFree && at == 0) || (value.utf8.allSatisfy(Self.isHostCharacter) && value != "..") else {
                    throw CatalogError(
                        .unsafeValue, "'{{\(placeholder.text)}}' holds a character no host name may have",
                        placeholder: placeholder.text)
                }
                out += value
            }
        }
        while out.hasSuffix("/") { out.removeLast() }
        return out
    }

    private static func isHostCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    func addressText(_ placeholder: Placeholder, in scope: TemplateContext) throws(CatalogError) -> String {
        guard let value = placeholder.value(in: scope.seen(by: origin)), !value.isNull else {
            throw .unresolved(placeholder, in: source)
        }
        guard value.object == nil, value.array == nil else {
            throw CatalogError(
                .unsafeValue, "'{{\(placeholder.text)}}' is \(value.kind), and an address needs a text",
                placeholder: placeholder.text)
        }
        return value.plainText
    }
}
