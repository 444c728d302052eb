@_spi(Engine) import JSON
@_spi(Engine) import JSONata

extension NativeFunction {
    /// A function over friendly values: for work whose cost lies elsewhere.
    static func friendly(
        _ name: String, arity: Int = 4, _ body: @escaping @Sendable ([JSONValue?]) throws -> JSONValue?
    ) -> NativeFunction {
        NativeFunction(name, nil, arity: arity) { c, a in
            var values: [JSONValue?] = []
            for index in 0..<max(a.count, arity) { values.append(try c.friendly(a[index])) }
            return c.value(try body(values))
        }
    }

    /// A function of one text; undefined for undefined, an error for anything else that is not text.
    static func text(_ name: String, _ body: @escaping @Sendable (String) throws -> JSONValue?) -> NativeFunction {
        NativeFunction(name, "<s-:x>") { c, a in
            a[0].isUndefined ? .undefined : c.value(try body(c.swiftString(a[0])))
        }
    }
}

extension Context {
    func swiftString(_ string: Value) -> String { String(decoding: string.bytes, as: UTF8.self) }

    /// The items of an array, the value itself as the only item, or none for undefined.
    func items(_ value: Value) -> [Value] {
        value.isUndefined ? [] : value.isArray ? Array(value.elements) : [value]
    }

    /// The member at a path of names divided by dots; a name that itself holds dots is tried first.
    func member(_ value: Value, at path: Value) throws -> Value {
        guard path.isString || path.isNumber else { return .undefined }
        let text = path.isString ? swiftString(path) : swiftString(try stringify(path))
        if value.isObject, case let whole = value.member(string(text)), !whole.isUndefined { return whole }
        var current = value
        for name in text.split(separator: ".") {
            if current.isObject {
                current = current.member(string(String(name)))
            } else if current.isArray, let index = Int(name), index >= 0, index < current.count {
                current = current.element(index)
            } else {
                return .undefined
            }
        }
        return current
    }

    /// A value as the name of a member, as JavaScript makes one.
    func name(_ value: Value) throws -> Value {
        switch value.tag {
        case .string: value
        case .undefined: string("undefined")
        case .null: string("null")
        default: try stringify(value)
        }
    }

    /// JavaScript's notion of truth, where an empty list or object is true.
    func isTruthy(_ value: Value) -> Bool {
        switch value.tag {
        case .undefined, .null, .false: false
        case .number: value.double != 0 && !value.double.isNaN
        case .string: value.count > 0
        default: true
        }
    }
}

extension JSONValue {
    /// Text as JavaScript makes it of a plain value.
    var plainText: String {
        switch self {
        case .string(let text): text
        case .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .number(let number): number.text
        case .array, .object: text()
        }
    }
}
