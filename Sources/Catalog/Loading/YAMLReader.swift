import JSON
import Yams

/// YAML to JSON values, keeping the line of each part.
///
/// Scalars are read by the YAML 1.2 JSON schema, so `no`, `on` and `0755` are texts: definitions mean what they show.
enum YAMLReader {
    static func read(_ text: String, file: String) throws(CatalogError) -> (value: JSONValue, lines: [String: Int]) {
        let root: Node?
        do {
            root = try Yams.compose(yaml: text)
        } catch {
            throw fault(error, file: file)
        }
        guard let root else { return (.object([:]), ["": 1]) }
        var reader = Walker(file: file)
        let value = try reader.value(root, path: "", depth: 0)
        return (value, reader.lines)
    }

    private static func fault(_ error: any Error, file: String) -> CatalogError {
        var line: Int?
        var message = String(describing: error)
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            line = mark.line
            message = problem
        case .duplicatedKeysInMapping(let duplicates, let context):
            line = context.mark.line
            message = "'\(duplicates.joined(separator: "', '"))' stands twice in one object"
        default: break
        }
        let fault = DefinitionFault(file: file, line: line, path: "", message: "not YAML: \(message)")
        return CatalogError(.invalidDefinition, "\(file) cannot be read", faults: [fault])
    }

    private struct Walker {
        let file: String
        var lines: [String: Int] = [:]

        mutating func value(_ node: Node, path: String, depth: Int) throws(CatalogError) -> JSONValue {
            if lines[path] == nil { lines[path] = node.mark?.line }
            // Aliases can make a small text a deep tree.
            guard depth < 64 else { throw fault(node, path, "nested too deep") }
            switch node {
            case .scalar(let scalar): return JSONScalar.value(scalar)
            case .sequence(let sequence):
                var items: [JSONValue] = []
                for (at, item) in sequence.enumerated() {
                    items.append(try value(item, path: join(path, String(at)), depth: depth + 1))
                }
                return .array(items)
            case .mapping(let mapping):
                var object = JSONObject()
                for (key, item) in mapping {
                    guard let name = key.string else { throw fault(key, path, "a key must be a text") }
                    let inner = join(path, name)
                    lines[inner] = key.mark?.line
                    object[name] = try value(item, path: inner, depth: depth + 1)
                }
                return .object(object)
            case .alias: throw fault(node, path, "unknown alias")
            }
        }

        private func join(_ path: String, _ step: String) -> String { path.isEmpty ? step : path + "." + step }

        private func fault(_ node: Node, _ path: String, _ message: String) -> CatalogError {
            let fault = DefinitionFault(file: file, line: node.mark?.line, path: path, message: message)
            return CatalogError(.invalidDefinition, "\(file) cannot be read", faults: [fault])
        }
    }
}

/// Plain scalars by the JSON schema of YAML 1.2 (§10.2): anything that is no JSON literal is a text.
enum JSONScalar {
    static func value(_ scalar: Node.Scalar) -> JSONValue {
        guard scalar.style == .plain || scalar.style == .any else { return .string(scalar.string) }
        switch scalar.string {
        case "true", "True", "TRUE": return .bool(true)
        case "false", "False", "FALSE": return .bool(false)
        case "null", "Null", "NULL", "~", "": return .null
        default:
            guard let first = scalar.string.utf8.first,
                first == UInt8(ascii: "-") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first),
                let value = try? JSONValue.parse(scalar.string)
            else { return .string(scalar.string) }
            return value
        }
    }
}
