import JSON

/// Query strings whose names have brackets, as in `filter[status][]=open`.
enum QueryTree {
    /// Names nest to this depth; what is deeper stays in the name.
    private static let deepest = 5
    /// The most parameters read.
    private static let most = 1000

    static func parse(_ text: String) -> JSONObject {
        var root = JSONValue.object(JSONObject())
        for (name, value) in FormEncoding.pairs(text.hasPrefix("?") ? text.dropFirst() : text[...]).prefix(most) {
            insert(value, at: path(name)[...], into: &root)
        }
        return root.object ?? JSONObject()
    }

    private static func path(_ name: String) -> [String] {
        guard let first = name.firstIndex(of: "["), first != name.startIndex else { return [name] }
        var path = [String(name[..<first])]
        var rest = name[first...]
        while rest.first == "[", path.count <= deepest, let end = rest.firstIndex(of: "]") {
            path.append(String(rest[rest.index(after: rest.startIndex)..<end]))
            rest = rest[end...].dropFirst()
        }
        if !rest.isEmpty { path.append(String(rest)) }
        return path
    }

    private static func insert(_ text: String, at path: ArraySlice<String>, into value: inout JSONValue) {
        guard let key = path.first else {
            value = .string(text)
            return
        }
        let rest = path.dropFirst()
        // `a[]` and `a[0]` make lists; a repeated name becomes one.
        if rest.isEmpty || rest.first == "" || rest.first.flatMap({ Int($0) }).map({ $0 <= 20 }) == true {
            var object = value.object ?? JSONObject()
            let isList = !rest.isEmpty
            switch (object[key], isList) {
            case (nil, false): object[key] = .string(text)
            case (let old, _):
                var items = old.map { $0.array ?? [$0] } ?? []
                if rest.count > 1, let index = rest.first.flatMap({ Int($0) }) {
                    while items.count <= index { items.append(.object(JSONObject())) }
                    insert(text, at: rest.dropFirst(), into: &items[index])
                } else {
                    items.append(.string(text))
                }
                object[key] = .array(items)
            }
            value = .object(object)
            return
        }
        var object = value.object ?? JSONObject()
        var inner = object[key] ?? .object(JSONObject())
        insert(text, at: rest, into: &inner)
        object[key] = inner
        value = .object(object)
    }

    /// - Parameter options: `arrayFormat` (`indices`, `brackets`, `repeat`, `comma`), `addQueryPrefix`, `skipNulls`,
    ///   `encodeValuesOnly`, `encode`.
    static func write(_ value: JSONValue, options: JSONObject?) -> String {
        var pairs: [(String, String)] = []
        for (key, member) in value.object ?? JSONObject() {
            flatten(member, key, options?["arrayFormat"]?.string ?? "indices", options?["skipNulls"]?.bool ?? false, &pairs)
        }
        let plain = options?["encode"]?.bool == false
        let plainNames = plain || options?["encodeValuesOnly"]?.bool == true
        let text = pairs.map { (plainNames ? $0 : FormEncoding.encode($0)) + "=" + (plain ? $1 : FormEncoding.encode($1)) }
            .joined(separator: "&")
        return options?["addQueryPrefix"]?.bool == true && !text.isEmpty ? "?" + text : text
    }

    private static func flatten(
        _ value: JSONValue, _ name: String, _ format: String, _ skipsNulls: Bool, _ pairs: inout [(String, String)]
    ) {
        switch value {
        case .null: if !skipsNulls { pairs.append((name, "")) }
        case .array(let items) where format == "comma":
            pairs.append((name, items.map(\.plainText).joined(separator: ",")))
        case .array(let items):
            for (index, item) in items.enumerated() {
                let inner = format == "repeat" ? name : format == "brackets" ? name + "[]" : "\(name)[\(index)]"
                flatten(item, inner, format, skipsNulls, &pairs)
            }
        case .object(let object):
            for (key, member) in object { flatten(member, "\(name)[\(key)]", format, skipsNulls, &pairs) }
        default: pairs.append((name, value.plainText))
        }
    }
}
