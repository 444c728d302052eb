@_spi(Engine) import JSON
@_spi(Engine) import JSONata

extension Extensions {
    static let objects: [NativeFunction] = [
        NativeFunction("pick", nil, arity: 2) { c, a in
            guard a[0].isObject else { return c.object([(key: Value, value: Value)]()) }
            var members: [(key: Value, value: Value)] = []
            for key in c.items(a[1]) where key.isString {
                let value = a[0].member(key)
                if !value.isUndefined { members.append((key, value)) }
            }
            return c.object(members)
        },
        NativeFunction("omit", nil, arity: 2) { c, a in
            guard a[0].isObject else { return c.object([(key: Value, value: Value)]()) }
            let left = c.items(a[1]).filter(\.isString)
            return c.object(
                a[0].members.filter { member in !left.contains { $0.sameString(member.key) } }.map { ($0.key, $0.value) }
            )
        },
        NativeFunction("values", nil, arity: 1) { c, a in
            switch a[0].tag {
            case .object: c.array(a[0].members.map(\.value))
            case .array: c.array(Array(a[0].elements))
            case .string: c.array(c.swiftString(a[0]).map { c.string(String($0)) })
            default: c.array([])
            }
        },
        NativeFunction("mapValues", nil, arity: 4) { c, a in
            let isMissing = a[0].isUndefined || a[0].tag == .null
            if isMissing, !a[3].isUndefined, a[3].tag != .null { return a[3] }
            guard a[1].isObject else { return a[0] }
            var table: [String: Value] = [:]
            let keepsCase = c.isTruthy(a[2])
            for member in a[1].members {
                let key = c.swiftString(member.key)
                table[keepsCase ? key : key.lowercased()] = member.value
            }
            return try translated(c, a[0], table)
        },
        NativeFunction("zipSqlResponse", nil, arity: 3) { c, a in
            let names = try c.items(a[0]).map { try c.name(try c.member($0, at: a[2])) }
            return c.array(
                c.items(a[1]).map { row in
                    c.object(names.enumerated().map { (key: $1, value: $0 < row.count && row.isArray ? row.element($0) : .null) })
                }
            )
        },
    ]

    private static func translated(_ c: Context, _ value: Value, _ table: [String: Value]) throws -> Value {
        switch value.tag {
        case .string, .number:
            guard let found = table[c.swiftString(try c.name(value)).lowercased()], found.tag != .null else { return value }
            return found
        case .array: return c.array(try value.elements.map { try translated(c, $0, table) })
        case .object: return c.object(try value.members.map { ($0.key, try translated(c, $0.value, table)) })
        default: return value
        }
    }
}
