import JSON

extension Context {
    /// JavaScript's `String(value)`: what a regular expression reads when it is applied to something else than a string.
    func scriptText(_ value: Value) throws -> Value {
        switch value.tag {
        case .string: return value
        case .undefined: return string("undefined")
        case .null: return string("null")
        case .true: return string("true")
        case .false: return string("false")
        case .number:
            return try string(capacity: NumberBytes.longest) { NumberBytes.write(value.double, to: $0) }
        case .array:
            try checkStack()
            var result = string("")
            for (at, item) in value.elements.enumerated() {
                if at > 0 { result = try join(result, string(",")) }
                if item.isUndefined || item.tag == .null { continue }
                result = try join(result, try scriptText(item))
            }
            return result
        case .object, .function, .host: return string("[object Object]")
        }
    }
}
