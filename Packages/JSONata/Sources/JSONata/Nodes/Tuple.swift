@_spi(Engine) import JSON

/// A tuple: what a path carries along where steps bind variables or ancestors. An object with the value under `@`.
enum Tuple {
    private static let name: StaticString = "@"
    static let key = Value(
        string: name.utf8Start, count: 1, flags: Value.Flag.clean | Value.Flag.ascii
    )

    static func context(of tuple: Value) -> Value { tuple.isObject ? tuple.member(key) : tuple }

    static func make(_ c: Context, _ value: Value) -> Value {
        let members = Value.members(1, in: c.arena)
        members[0] = (key, value)
        return Value(members: members, count: 1)
    }

    /// A copy with further members.
    static func extended(_ c: Context, _ tuple: Value, _ more: [(key: Value, value: Value)]) -> Value {
        var builder = ObjectBuilder(capacity: tuple.count + more.count, in: c.arena)
        for member in tuple.members { builder.set(member.key, member.value, in: c.arena) }
        for member in more { builder.set(member.key, member.value, in: c.arena) }
        return Value(members: builder.members, count: builder.count)
    }

    /// A copy with all members of another tuple.
    static func merged(_ c: Context, _ tuple: Value, _ other: Value) -> Value {
        guard other.isObject else { return tuple }
        return extended(c, tuple, other.members.map { ($0.key, $0.value) })
    }

    /// The tuples of a group as one: each member the list of theirs.
    static func reduce(_ c: Context, _ tuples: Value) throws -> Value {
        guard tuples.isArray else { return tuples }
        var builder = ObjectBuilder(capacity: 4, in: c.arena)
        for tuple in tuples.elements where tuple.isObject {
            for member in tuple.members {
                if let at = builder.position(of: member.key) {
                    builder.set(member.key, try c.append(builder.value(at: at), member.value), in: c.arena)
                } else {
                    builder.add(member.key, member.value, in: c.arena)
                }
            }
        }
        return Value(members: builder.members, count: builder.count)
    }
}
