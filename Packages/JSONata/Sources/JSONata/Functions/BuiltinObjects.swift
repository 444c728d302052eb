@_spi(Engine) import JSON

extension Builtins {
    static let objects: [NativeFunction] = [
        NativeFunction("keys", "<x-:a<s>>") { c, a in
            var names = ObjectBuilder(capacity: 8, in: c.arena)
            try ObjectFunctions.gatherKeys(c, a[0], &names)
            var builder = ValueBuilder(capacity: names.count, in: c.arena)
            for member in names.object(in: c.arena).members { builder.append(member.key, in: c.arena) }
            try c.checkSequence(builder.count)
            return builder.array(Value.Flag.sequence)
        },
        NativeFunction("lookup", "<x-s:x>") { c, a in
            a[1].isUndefined ? .undefined : try ObjectFunctions.lookup(c, a[0], a[1])
        },
        NativeFunction("spread", "<x-:a<o>>") { c, a in try ObjectFunctions.spread(c, a[0]) },
        NativeFunction("clone", "<(oa)-:o>") { c, a in try c.clone(a[0]) },
        NativeFunction("merge", "<a<o>:o>") { c, a in
            if a[0].isUndefined { return .undefined }
            let objects = a[0].elements
            if objects.count > 1, objects[0].isObject,
                let merged = c.merged(objects[0], UnsafeMutableBufferPointer(rebasing: objects[1...]))
            {
                return merged
            }
            var builder = ObjectBuilder(capacity: max(4, objects.count), in: c.arena)
            for object in objects where object.isObject {
                try c.work(object.count * 64)
                for member in object.members { builder.set(member.key, member.value, in: c.arena) }
            }
            let result = builder.object(in: c.arena)
            if result.count >= Context.growingMembers {
                ObjectIndex.enter(builder.members, from: 0, to: result.count, in: c.arena)
                c.state.pointee.growing.add(
                    result.pointer, used: result.count * 32, capacity: builder.capacity * 32
                )
            }
            return result
        },
    ]
}

enum ObjectFunctions {
    static func gatherKeys(_ c: Context, _ value: Value, _ names: inout ObjectBuilder) throws {
        try c.checkStack()
        if value.isArray {
            for item in value.elements { try gatherKeys(c, item, &names) }
        } else if value.isObject {
            for member in value.members { names.set(member.key, Value(true), in: c.arena) }
        }
    }

    static func lookup(_ c: Context, _ value: Value, _ key: Value) throws -> Value {
        switch value.tag {
        case .object: return value.member(key)
        case .array:
            try c.checkStack()
            var builder = ValueBuilder()
            for item in value.elements {
                let found = try lookup(c, item, key)
                if found.isArray {
                    builder.append(contentsOf: found.elements, in: c.arena)
                } else if !found.isUndefined {
                    builder.append(found, in: c.arena)
                }
            }
            return builder.array(Value.Flag.sequence)
        case .host: return try c.hostObject(value)?.member(key, c) ?? .undefined
        default: return .undefined
        }
    }

    static func spread(_ c: Context, _ value: Value) throws -> Value {
        switch value.tag {
        case .object:
            var builder = ValueBuilder(capacity: value.count, in: c.arena)
            for member in value.members {
                let members = Value.members(1, in: c.arena)
                members[0] = member
                builder.append(Value(members: members, count: 1), in: c.arena)
            }
            return builder.array(Value.Flag.sequence)
        case .array:
            try c.checkStack()
            var builder = ValueBuilder()
            for item in value.elements {
                let parts = try spread(c, item)
                if parts.isArray {
                    builder.append(contentsOf: parts.elements, in: c.arena)
                } else {
                    builder.append(parts, in: c.arena)
                }
            }
            return value.count == 0 ? builder.array(Value.Flag.sequence) : builder.array()
        default: return value
        }
    }
}
