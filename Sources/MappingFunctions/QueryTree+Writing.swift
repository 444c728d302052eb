import Encodings
@_spi(Engine) import JSON

extension QueryTree {
    /// The options of `qs.stringify`.
    private struct WritingOptions {
        var arrayFormat = "indices"
        var delimiter = "&"
        var skipsNulls = false
        var keepsNulls = false
        var encodes = true
        var encodesNames = true
        var usesDots = false
        var usesPlus = false
        var marksShortLists = false
        var writesEmptyLists = false

        init(_ options: JSONObject?) {
            guard let options else { return }
            if options["indices"]?.bool == false { arrayFormat = "repeat" }
            if let format = options["arrayFormat"]?.string, ["indices", "brackets", "repeat", "comma"].contains(format) {
                arrayFormat = format
            }
            delimiter = options["delimiter"]?.string ?? "&"
            skipsNulls = options["skipNulls"]?.bool ?? false
            keepsNulls = options["strictNullHandling"]?.bool ?? false
            encodes = options["encode"]?.bool ?? true
            encodesNames = encodes && options["encodeValuesOnly"]?.bool != true
            usesDots = options["allowDots"]?.bool ?? false
            usesPlus = options["format"]?.string == "RFC1738"
            marksShortLists = options["commaRoundTrip"]?.bool ?? false
            writesEmptyLists = options["allowEmptyArrays"]?.bool ?? false
        }

        func encoded(_ text: String) -> String {
            let text = PercentEncoding.encoded(text, keeping: usesPlus ? "()" : "")
            return usesPlus ? text.split(separator: "%20", omittingEmptySubsequences: false).joined(separator: "+") : text
        }
    }

    static func write(_ value: JSONValue, options given: JSONObject?) -> String {
        let options = WritingOptions(given)
        var pairs: [(name: String, value: String?)] = []
        var members = value.object ?? JSONObject()
        if case .array(let items) = value { for (index, item) in items.enumerated() { members[String(index)] = item } }
        if case .array(let names)? = given?["filter"] {
            let all = members
            members = JSONObject()
            for name in names { if let name = name.string, let member = all[name] { members[name] = member } }
        }
        for (key, member) in members { flatten(member, key, options, &pairs) }
        let text = pairs.map { name, value in
            let name = options.encodesNames ? options.encoded(name) : name
            return value.map { name + "=" + $0 } ?? name
        }.joined(separator: options.delimiter)
        return given?["addQueryPrefix"]?.bool == true && !text.isEmpty ? "?" + text : text
    }

    private static func flatten(
        _ value: JSONValue, _ name: String, _ options: WritingOptions, _ pairs: inout [(name: String, value: String?)]
    ) {
        func written(_ text: String) -> String { options.encodes ? options.encoded(text) : text }
        switch value {
        case .null:
            if !options.skipsNulls { pairs.append((name, options.keepsNulls ? nil : "")) }
        case .array(let items) where items.isEmpty:
            if options.writesEmptyLists { pairs.append((name + "[]", nil)) }
        case .array(let items) where options.arrayFormat == "comma":
            let name = options.marksShortLists && items.count == 1 ? name + "[]" : name
            let texts = items.map { $0 == .null ? "" : $0.plainText }
            // With names left as they are, so are the commas between the values.
            let text =
                options.encodesNames || !options.encodes
                ? written(texts.joined(separator: ",")) : texts.map(written).joined(separator: ",")
            if !text.isEmpty {
                pairs.append((name, text))
            } else if !options.skipsNulls {
                pairs.append((name, options.keepsNulls ? nil : ""))
            }
        case .array(let items):
            for (index, item) in items.enumerated() {
                let inner =
                    switch options.arrayFormat {
                    case "repeat": name
                    case "brackets": name + "[]"
                    default: "\(name)[\(index)]"
                    }
                flatten(item, inner, options, &pairs)
            }
        case .object(let object):
            for (key, member) in object {
                flatten(member, options.usesDots ? "\(name).\(key)" : "\(name)[\(key)]", options, &pairs)
            }
        default: pairs.append((name, written(value.plainText)))
        }
    }
}
