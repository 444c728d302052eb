@_spi(Engine) public import JSON

extension Context {
    /// JavaScript's `Number(value)`, NaN where it is none.
    func scriptNumber(_ value: Value) throws -> Double {
        switch value.tag {
        case .number: return value.double
        case .true: return 1
        case .false, .null: return 0
        case .string:
            let text = try ByteText.trim(self, value)
            if text.count == 0 { return 0 }
            return NumberReading.double(text.bytes) ?? .nan
        case .array: return try scriptNumber(try scriptText(value))
        case .undefined, .object, .function, .host: return .nan
        }
    }

    /// What JavaScript's `if` makes of a value, under which any array is true.
    func scriptTruth(_ value: Value) -> Bool {
        switch value.tag {
        case .undefined, .null, .false: false
        case .number: value.double != 0 && !value.double.isNaN
        case .string: value.count > 0
        default: true
        }
    }

    /// JavaScript's `String(value)`: what a regular expression reads when it is applied to something else than a string.
    @_spi(Engine) public func scriptText(_ value: Value) throws -> Value {
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
