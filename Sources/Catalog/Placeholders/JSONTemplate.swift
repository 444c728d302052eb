package import JSON

/// A JSON document with placeholders in its texts: default headers, queries and bodies of a method.
///
/// A member whose placeholder has no value is left out. `$truto_merge` merges the objects it names into its parent.
package indirect enum JSONTemplate: Sendable, Hashable {
    case constant(JSONValue)
    case text(Template)
    case array([JSONTemplate])
    case object([Member])

    package struct Member: Sendable, Hashable {
        package var key: String
        package var value: JSONTemplate
    }

    static let mergeKey = "$truto_merge"

    /// - Throws: `TemplateError` from the first text that is not a template.
    package init(_ value: JSONValue) throws(TemplateError) {
        try self.init(value, at: []) { _ in .definition }
    }

    /// - Parameter origin: who wrote what stands at a path of the definition; `path` is this document's.
    init(_ value: JSONValue, at path: [String], origin: ([String]) -> Origin) throws(TemplateError) {
        switch value {
        case .string(let text):
            let template = try Template(text, origin: origin(path))
            self = template.constant.map { .constant(.string($0)) } ?? .text(template)
        case .array(let items):
            var templates: [JSONTemplate] = []
            for (at, item) in items.enumerated() {
                templates.append(try JSONTemplate(item, at: path + [String(at)], origin: origin))
            }
            self = .array(templates)
        case .object(let object):
            var members: [Member] = []
            for (key, value) in object {
                members.append(Member(key: key, value: try JSONTemplate(value, at: path + [key], origin: origin)))
            }
            self = .object(members)
        default: self = .constant(value)
        }
    }

    /// The document with every placeholder replaced; nil where the whole of it is absent.
    ///
    /// - Throws: `unresolvedPlaceholder` where a text around a placeholder would be left with a hole.
    package func resolve(_ scope: TemplateContext) throws(CatalogError) -> JSONValue? {
        switch self {
        case .constant(let value): return value
        case .text(let template):
            if let whole = template.whole { return whole.value(in: scope.seen(by: template.origin)) }
            return .string(try template.text(in: scope))
        case .array(let items):
            var values: [JSONValue] = []
            for item in items {
                if let value = try item.resolve(scope) { values.append(value) }
            }
            return .array(values)
        case .object(let members):
            var object = JSONObject()
            for member in members {
                guard let value = try member.value.resolve(scope) else { continue }
                if member.key == Self.mergeKey {
                    let parts = value.array ?? [value]
                    for part in parts {
                        guard let other = part.object else { continue }
                        object = DeepMerge.concatenatingArrays(object, other)
                    }
                } else {
                    object[member.key] = value
                }
            }
            return .object(object)
        }
    }

    /// Every placeholder in the document.
    package var placeholders: [Template.Placeholder] {
        switch self {
        case .constant: []
        case .text(let template): template.placeholders
        case .array(let items): items.flatMap(\.placeholders)
        case .object(let members): members.flatMap(\.value.placeholders)
        }
    }
}

extension Template {
    /// The text with every placeholder replaced. A null value, and `undefined` without a value, become nothing.
    ///
    /// - Throws: `unresolvedPlaceholder` where a placeholder has no value.
    package func text(in scope: TemplateContext) throws(CatalogError) -> String {
        let scope = scope.seen(by: origin)
        var out = ""
        for piece in pieces {
            switch piece {
            case .text(let text): out += text
            case .placeholder(let placeholder):
                if let value = placeholder.value(in: scope) {
                    out += value.plainText
                } else if !placeholder.casts.contains(.undefined) {
                    throw .unresolved(placeholder, in: source)
                }
            }
        }
        return out
    }
}

extension CatalogError {
    static func unresolved(_ placeholder: Template.Placeholder, in source: String) -> CatalogError {
        CatalogError(
            .unresolvedPlaceholder, "'{{\(placeholder.text)}}' in '\(source)' has no value", placeholder: placeholder.text
        )
    }
}
