/// To and from the friendly type.
extension Value {
    /// The document as a Swift value; undefined becomes nil at the top and is left out below.
    ///
    /// - Throws: `nested` for more than 1,000 levels: Swift frees such values by recursion, on whatever stack that is.
    @_spi(Engine) public func jsonValue(host: (Value) -> Value = { _ in .null }) throws(ValueWriter.Failure) -> JSONValue? {
        var room = Int.max
        return try jsonValue(room: &room, host: host)
    }

    /// As `jsonValue(host:)`, taking at most `room` bytes, which are counted down roughly.
    ///
    /// - Throws: `tooLarge` where they are used up.
    @_spi(Engine) public func jsonValue(
        room: inout Int, depth: Int = 0, host: (Value) -> Value = { _ in .null }
    ) throws(ValueWriter.Failure) -> JSONValue? {
        guard depth <= 1000 else { throw ValueWriter.Failure(reason: .nested) }
        guard StackGuard.here > StackGuard.lowest else { throw ValueWriter.Failure(reason: .tooDeep) }
        room -= MemoryLayout<JSONValue>.stride
        switch tag {
        case .undefined: return nil
        case .null: return .null
        case .false: return .bool(false)
        case .true: return .bool(true)
        case .number where isText:
            return .number(JSONNumber(unchecked: String(decoding: bytes, as: UTF8.self)))
        case .number: return double.isFinite ? .number(JSONNumber(double)) : .null
        case .string:
            room -= count
            if room < 0 { throw ValueWriter.Failure(reason: .tooLarge) }
            return .string(text)
        case .array:
            if room < count * MemoryLayout<JSONValue>.stride { throw ValueWriter.Failure(reason: .tooLarge) }
            var items: [JSONValue] = []
            items.reserveCapacity(count)
            for item in elements { items.append(try item.jsonValue(room: &room, depth: depth + 1, host: host) ?? .null) }
            return .array(items)
        case .object:
            if has(Flag.verbatim), let source {
                room -= source.count
                if room < 0 { throw ValueWriter.Failure(reason: .tooLarge) }
                return .object(JSONObject(text: JSONText(unchecked: Array(source))))
            }
            if room < count * 2 * MemoryLayout<JSONValue>.stride { throw ValueWriter.Failure(reason: .tooLarge) }
            var object = JSONObject()
            for member in members {
                room -= member.key.count + MemoryLayout<JSONValue>.stride
                if let value = try member.value.jsonValue(room: &room, depth: depth + 1, host: host) {
                    object[member.key.text] = value
                }
            }
            return .object(object)
        case .function: return .string("")
        case .host: return try host(self).jsonValue(room: &room, depth: depth + 1)
        }
    }

    /// A string's text; a lone surrogate becomes U+FFFD.
    @_spi(Engine) public var text: String { String(decoding: bytes, as: UTF8.self) }

    /// A copy of `value` in `arena`.
    @_spi(Engine) public init(_ value: JSONValue, in arena: Arena) {
        switch value {
        case .null: self = .null
        case .bool(let value): self = Value(value)
        case .number(let number):
            let text = Value(copying: number.text, in: arena)
            self = Value(numberText: text.utf8, count: text.count)
        case .string(let text): self = Value(copying: text, in: arena)
        case .array(let items):
            var builder = ValueBuilder(capacity: items.count, in: arena)
            for item in items { builder.append(Value(item, in: arena), in: arena) }
            self = builder.array()
        case .object(let object):
            if let text = object.text, let read = text.bytes.withUnsafeBytes({ try? ValueReader.read($0, in: arena) }) {
                self = read
                return
            }
            let members = Value.members(object.count, in: arena)
            var count = 0
            for element in object.elements {
                members[count] = (Value(copying: element.key, in: arena), Value(element.value, in: arena))
                count += 1
            }
            Value.orderMembers(members, count: count)
            self = Value(members: members, count: count)
            ObjectIndex.attach(to: self, in: arena)
        }
    }

    @_spi(Engine) public init(copying text: String, in arena: Arena) {
        var text = text
        self = text.withUTF8 { Value(copying: $0, in: arena) }
    }

    @_spi(Engine) public init(copying bytes: UnsafeBufferPointer<UInt8>, in arena: Arena) {
        let copy = arena.allocate(max(bytes.count, 1)).assumingMemoryBound(to: UInt8.self)
        if let base = bytes.baseAddress { copy.update(from: base, count: bytes.count) }
        self.init(string: copy, count: bytes.count, flags: StringFlags.of(copy, bytes.count))
    }
}
