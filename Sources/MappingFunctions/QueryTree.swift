import Encodings
@_spi(Engine) import JSON

/// Query strings whose names have brackets, as in `filter[status][]=open`, with the options of the `qs` package.
enum QueryTree {
    struct ReadingOptions {
        var ignoresPrefix = true
        var delimiter = "&"
        var depth = 5
        var arrayLimit = 20
        var parameterLimit = 1000
        var splitsCommas = false
        var allowsDots = false
        var readsArrays = true
        var allowsEmptyArrays = false
        var keepsNulls = false
        var duplicates = "combine"

        init(_ options: JSONObject?) {
            guard let options else { return }
            ignoresPrefix = options["ignoreQueryPrefix"]?.bool ?? true
            if let text = options["delimiter"]?.string, !text.isEmpty { delimiter = text }
            if options["depth"]?.bool == false { depth = 0 }
            depth = options["depth"]?.whole(0...100) ?? depth
            arrayLimit = options["arrayLimit"]?.whole(0...10_000) ?? arrayLimit
            parameterLimit = options["parameterLimit"]?.whole(1...100_000) ?? parameterLimit
            splitsCommas = options["comma"]?.bool ?? false
            allowsDots = options["allowDots"]?.bool ?? false
            readsArrays = options["parseArrays"]?.bool ?? true
            allowsEmptyArrays = options["allowEmptyArrays"]?.bool ?? false
            keepsNulls = options["strictNullHandling"]?.bool ?? false
            duplicates = options["duplicates"]?.string ?? "combine"
        }
    }

    static func parse(_ text: String, options: ReadingOptions) -> JSONObject {
        let text = options.ignoresPrefix && text.hasPrefix("?") ? text.dropFirst() : text[...]
        var order: [String] = []
        var values: [String: JSONValue] = [:]
        for part in parts(text, options.delimiter).prefix(options.parameterLimit) {
            let (name, value) = pair(part, options)
            guard let old = values[name] else {
                order.append(name)
                values[name] = value
                continue
            }
            switch options.duplicates {
            case "first": break
            case "last": values[name] = value
            default: values[name] = .array((old.array ?? [old]) + (value.array ?? [value]))
            }
        }
        var root = JSONValue.object(JSONObject())
        for name in order {
            guard let value = values[name] else { continue }
            insert(value, at: path(name, options)[...], into: &root, options)
        }
        return listed(root, options).object ?? JSONObject()
    }

    private static func parts(_ text: Substring, _ delimiter: String) -> [Substring] {
        var parts: [Substring] = []
        var rest = text
        while !rest.isEmpty {
            var at = rest.startIndex
            while at < rest.endIndex, !rest[at...].hasPrefix(delimiter) { at = rest.index(after: at) }
            if at > rest.startIndex { parts.append(rest[..<at]) }
            rest = rest[at...].dropFirst(delimiter.count)
        }
        return parts
    }

    private static func pair(_ part: Substring, _ options: ReadingOptions) -> (name: String, value: JSONValue) {
        // A `]=` comes before any other `=`: names in brackets may hold one.
        var mark = part.firstIndex(of: "=")
        var at = part.startIndex
        while let bracket = part[at...].firstIndex(of: "]") {
            at = part.index(after: bracket)
            if at < part.endIndex, part[at] == "=" {
                mark = at
                break
            }
        }
        guard let mark else {
            return (PercentEncoding.decodedLeniently(part, plusIsSpace: true), options.keepsNulls ? .null : .string(""))
        }
        let name = PercentEncoding.decodedLeniently(part[..<mark], plusIsSpace: true)
        let text = part[mark...].dropFirst()
        if options.splitsCommas, text.contains(",") {
            let items = text.split(separator: ",", omittingEmptySubsequences: false).map {
                JSONValue.string(PercentEncoding.decodedLeniently($0, plusIsSpace: true))
            }
            // With brackets the whole list is one item of the list.
            return (name, name.hasSuffix("[]") ? .array([.array(items)]) : .array(items))
        }
        return (name, .string(PercentEncoding.decodedLeniently(text, plusIsSpace: true)))
    }

    private static func path(_ name: String, _ options: ReadingOptions) -> [String] {
        let name = options.allowsDots ? dotted(name) : name
        guard options.depth > 0, let first = name.firstIndex(of: "[") else { return [name] }
        var path = first == name.startIndex ? [] : [String(name[..<first])]
        var rest = name[first...]
        var levels = 0
        while rest.first == "[", levels < options.depth, let end = rest.firstIndex(of: "]") {
            path.append(String(rest[...end]))
            levels += 1
            rest = rest[end...].dropFirst()
            // What stands between brackets is left out.
            if let next = rest.firstIndex(of: "[") { rest = rest[next...] } else { rest = rest.prefix(0) }
        }
        if path.isEmpty { return [name] }
        // What is deeper than the limit is one name, brackets and all.
        if !rest.isEmpty { path.append("[" + rest + "]") }
        return path
    }

    /// `a.b.c` as `a[b][c]`.
    private static func dotted(_ name: String) -> String {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count > 1, !parts.contains("") else { return name }
        return parts.dropFirst().reduce(String(parts[0])) { text, part in
            let bracket = part.firstIndex(of: "[") ?? part.endIndex
            return text + "[" + part[..<bracket] + "]" + part[bracket...]
        }
    }
}

extension JSONValue {
    /// A whole number of the range; nil for anything else.
    fileprivate func whole(_ range: ClosedRange<Int>) -> Int? {
        guard case .number(let number) = self, let value = Int(number.text) else { return nil }
        return range.contains(value) ? value : nil
    }
}
