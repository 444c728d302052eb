import Encodings
import JSON

/// Lays a mapped body out in the format of its method.
enum BodyTree {
    static func make(_ body: JSONValue?, _ method: IntegrationMethod) throws(CatalogError) -> OutgoingBody {
        guard let body, !body.isNull, method.httpMethod != "GET", method.httpMethod != "HEAD" else { return .none }
        switch method.bodyFormat {
        case .json: return .json(body)
        case .raw:
            let member = method.bodyOptions.rawMember.flatMap { body[$0] } ?? body
            return .raw(member, contentType: method.bodyOptions.contentType)
        case .xml: return .xml(try XMLWriter.document(body, root: method.bodyOptions.xmlRoot))
        case .form:
            var pairs: [BodyPart] = []
            for member in try members(body, method).elements {
                if let file = FileHandle(member.value) {
                    guard file.form == .url else {
                        throw CatalogError(
                            .invalidDefinition,
                            "\(method.resource).\(method.name): '\(member.key)' is a file, of which a form body holds an address alone"
                        )
                    }
                    pairs.append(BodyPart(name: member.key, content: .file(file)))
                } else {
                    let values = QueryString.flattened([member.key: member.value], arrays: method.bodyOptions.arrayFormat)
                    pairs += values.map { BodyPart(name: $0.name, content: .text($0.value)) }
                }
            }
            return .form(pairs)
        case .multipart: return .multipart(parts(try members(body, method), method.bodyOptions))
        }
    }

    private static func members(_ body: JSONValue, _ method: IntegrationMethod) throws(CatalogError) -> JSONObject {
        guard let object = body.object else {
            throw CatalogError(
                .invalidDefinition,
                "\(method.resource).\(method.name): a \(method.bodyFormat.rawValue) body is made of an object, not of \(body.kind)"
            )
        }
        return object
    }

    private static func parts(_ object: JSONObject, _ options: BodyOptions) -> [BodyPart] {
        object.elements.flatMap { parts($0.key, $0.value, options) }
    }

    private static func parts(_ name: String, _ value: JSONValue, _ options: BodyOptions) -> [BodyPart] {
        if let file = FileHandle(value) { return [BodyPart(name: name, content: .file(file))] }
        if let blob = InlineBlob(value) { return [BodyPart(name: name, content: .blob(blob))] }
        switch value {
        case .null: return []
        case .array(let items):
            return items.enumerated().flatMap { at, item in
                switch options.arrayFormat {
                case .indices: parts("\(name)[\(at)]", item, options)
                case .brackets: parts("\(name)[]", item, options)
                case .comma, .repeated: parts(name, item, options)
                }
            }
        case .object(let object):
            if options.nestedAsJSON { return [BodyPart(name: name, content: .text(value.text()))] }
            return object.elements.flatMap { parts("\(name)[\($0.key)]", $0.value, options) }
        default: return [BodyPart(name: name, content: .text(value.plainText))]
        }
    }
}
