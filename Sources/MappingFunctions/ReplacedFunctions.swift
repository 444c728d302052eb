@_spi(Engine) import JSON
@_spi(Engine) import JSONata

/// Functions of the language that do more in a mapping: where the language's own would be an error, these give what
/// integration mappings expect. The language's library keeps its own.
extension Extensions {
    static let replaced: [NativeFunction] = [
        NativeFunction("join", nil, arity: 2) { c, a in
            // Lists of text, nearly all there are, take the language's own way.
            if a[0].isArray, a[0].count > 0, a[1].isString, a[0].elements.allSatisfy(\.isString) {
                return try strictJoin.body(c, a)
            }
            let items = a[0].isArray ? Array(a[0].elements) : [a[0]]
            try c.work(items.count)
            let separator = a[1].isUndefined ? "," : try c.plainText(a[1])
            return c.string(try items.map { try c.joinedText($0) }.joined(separator: separator))
        },
        NativeFunction("each", "<(aol)-f:a>", operation: .each) { c, a in
            var builder = ValueBuilder()
            for member in try members(c, a[0], "each") {
                let value = try c.call(a[1], upTo: [member.value, member.key, a[0]])
                if !value.isUndefined { builder.append(value, in: c.arena) }
            }
            return builder.array(Value.Flag.sequence)
        },
        NativeFunction("sift", "<(aol)-f?:o>", operation: .sift) { c, a in
            let members = try members(c, a[0], "sift")
            var object = ObjectBuilder(capacity: members.count, in: c.arena)
            for member in members where try c.truth(try c.call(a[1], upTo: [member.value, member.key, a[0]])) {
                object.add(member.key, member.value, in: c.arena)
            }
            return object.count == 0 ? .undefined : object.object(in: c.arena)
        },
    ]

    private static let strictJoin: NativeFunction = {
        guard let join = FunctionLibrary.standard["join"] else { preconditionFailure("the language has $join") }
        return join
    }()

    /// The members of an object, the items of a list by their index, or none of null and undefined.
    private static func members(_ c: Context, _ value: Value, _ name: String) throws -> [(key: Value, value: Value)] {
        switch value.tag {
        case .undefined, .null: return []
        case .object: return value.members.map { ($0.key, $0.value) }
        case .array: return value.elements.enumerated().map { (c.string(String($0)), $1) }
        default:
            throw JSONataError("T0410", "Argument 1 of function \(name) must be an object or a list", token: name, index: 1)
        }
    }
}
