package import JSON

extension QueryString {
    /// How an array stands in a query.
    package enum ArrayFormat: String, Sendable, Hashable, CaseIterable {
        /// `a=x,y`; an array that holds arrays or objects is written with indices. A comma inside an item is encoded.
        case comma
        /// `a[]=x&a[]=y`
        case brackets
        /// `a[0]=x&a[1]=y`
        case indices
        /// `a=x&a=y`
        case `repeat`
    }

    /// Writes a tree as a query, without `?`; `parse` reads all formats but `comma` back, with every value a string.
    ///
    /// Names and values are percent-encoded but for unreserved characters, brackets too. Null is an empty value; an
    /// empty array or object leaves no trace.
    package static func serialize(_ object: JSONObject, arrayFormat: ArrayFormat = .indices) -> String {
        var out: [String] = []
        for (name, value) in object { write(value, as: name, to: &out, arrayFormat) }
        return out.joined(separator: "&")
    }

    private static func write(_ value: JSONValue, as name: String, to out: inout [String], _ format: ArrayFormat) {
        switch value {
        case .object(let members):
            for (key, value) in members { write(value, as: "\(name)[\(key)]", to: &out, format) }
        case .array(let items):
            let isFlat = items.allSatisfy { scalar($0) != nil }
            if format == .comma, isFlat {
                guard !items.isEmpty else { return }
                let list = items.map { PercentEncoding.encoded(scalar($0) ?? "") }.joined(separator: ",")
                out.append("\(PercentEncoding.encoded(name))=\(list)")
                return
            }
            for (index, item) in items.enumerated() {
                switch format {
                case .comma, .indices: write(item, as: "\(name)[\(index)]", to: &out, format)
                case .brackets: write(item, as: "\(name)[]", to: &out, format)
                case .repeat: write(item, as: name, to: &out, format)
                }
            }
        default:
            out.append("\(PercentEncoding.encoded(name))=\(PercentEncoding.encoded(scalar(value) ?? ""))")
        }
    }

    /// A value without members as text; nil for arrays and objects.
    private static func scalar(_ value: JSONValue) -> String? {
        switch value {
        case .null: ""
        case .bool(let value): value ? "true" : "false"
        case .number(let number): number.text
        case .string(let text): text
        case .array, .object: nil
        }
    }
}
