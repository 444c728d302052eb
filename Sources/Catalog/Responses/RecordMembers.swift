@_spi(Engine) import JSON

/// Members of a record while it is put together, in an arena.
struct RecordMembers {
    private let arena: Arena
    private var members: UnsafeMutablePointer<Member>
    private var capacity: Int
    private(set) var count = 0

    init(capacity: Int, in arena: Arena) {
        self.arena = arena
        self.capacity = capacity
        members = Value.members(capacity, in: arena)
    }

    /// The members of `object`, in its own memory: the first that is changed or added has them copied.
    init(_ object: Value, in arena: Arena) {
        self.arena = arena
        members = object.pointer.assumingMemoryBound(to: Member.self)
        count = object.count
        capacity = 0
    }

    var all: UnsafeMutableBufferPointer<Member> { UnsafeMutableBufferPointer(start: members, count: count) }

    /// - Precondition: there is room, and no member of that name.
    mutating func append(_ key: Value, _ value: Value) {
        members[count] = (key, value)
        count += 1
    }

    /// Sets the member in its place, or adds it at the end.
    mutating func set(_ key: Value, _ value: Value) {
        if count >= capacity {
            capacity = count * 2 + 4
            let larger = Value.members(capacity, in: arena)
            larger.update(from: members, count: count)
            members = larger
        }
        if let at = all.firstIndex(where: { $0.key.sameString(key) }) {
            members[at].value = value
        } else {
            append(key, value)
        }
    }

    var object: Value {
        let object = Value(members: members, count: count)
        ObjectIndex.attach(to: object, in: arena)
        return object
    }
}
