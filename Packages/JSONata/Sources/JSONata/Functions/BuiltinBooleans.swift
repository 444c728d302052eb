@_spi(Engine) import JSON

extension Builtins {
    static let booleans: [NativeFunction] = [
        NativeFunction("boolean", "<x-:b>") { c, a in a[0].isUndefined ? .undefined : Value(try c.truth(a[0])) },
        NativeFunction("not", "<x-:b>") { c, a in a[0].isUndefined ? .undefined : Value(!(try c.truth(a[0]))) },
        NativeFunction("exists", "<x:b>") { _, a in Value(!a[0].isUndefined) },
        NativeFunction("type", "<x:s>") { c, a in
            switch a[0].tag {
            case .undefined: .undefined
            case .null: c.string("null")
            case .true, .false: c.string("boolean")
            case .number: c.string("number")
            case .string: c.string("string")
            case .array: c.string("array")
            case .object, .host: c.string("object")
            case .function: c.string("function")
            }
        },
        NativeFunction("error", "<s?:x>") { _, a in
            throw JSONataError("D3137", a[0].isUndefined ? "$error() function evaluated" : a[0].text)
        },
        NativeFunction("assert", "<bs?:x>") { _, a in
            if a[0].tag == .true { return .undefined }
            throw JSONataError("D3141", a[1].isUndefined ? "$assert() statement failed" : a[1].text)
        },
    ]

    static let misc: [NativeFunction] = [
        NativeFunction("millis", "<:n>") { c, _ in Value(c.now) },
        NativeFunction("eval", "<sx?:x>") { c, a in
            try c.evaluateText(a[0], a.count > 1 && !a[1].isUndefined ? a[1] : a.input, scope: nil, frame: .none)
        },
    ]
}
