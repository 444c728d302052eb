@_spi(Engine) package import JSON

/// Brings mapped records into the form of their schema, where they lie in an arena.
///
/// Numbers and booleans become texts where the schema says `string`, and moments take the form of the wire where it says
/// `date-time`; everything else stays as the mapping made it. Made once for a schema.
package final class SchemaCoercion: Sendable {
    private struct Field: Sendable {
        /// Points into `names`.
        var name: Value
        var coercion: SchemaCoercion
    }

    private let isText: Bool
    private let isMoment: Bool
    private let fields: [Field]
    private let items: SchemaCoercion?
    private let names: Names

    /// - Parameter schema: a JSON Schema; of it `type`, `format`, `properties` and `items` are read.
    package init(_ schema: JSONValue) {
        isText = schema["type"]?.string == "string"
        isMoment = schema["format"]?.string == "date-time"
        items = schema["items"].map(SchemaCoercion.init)
        let named = (schema["properties"]?.object?.elements ?? []).filter { $0.key != "remote_data" }
        let names = Names(named.map(\.key))
        self.names = names
        fields = zip(names.values, named).map { Field(name: $0, coercion: SchemaCoercion($1.value)) }
    }

    /// What becomes of the value of a member; as it is where the schema has no such member.
    ///
    /// - Parameter at: where the search begins: behind the field that was found last, as mappings mostly keep the order.
    func coerce(_ value: Value, of name: Value, at: inout Int, in page: ResponsePage) -> Value {
        var index = at
        for _ in fields.indices {
            if index >= fields.count { index = 0 }
            if fields[index].name.sameString(name) {
                at = index + 1
                return fields[index].coercion.coerce(value, in: page)
            }
            index += 1
        }
        return value
    }

    private func coerce(_ given: Value, in page: ResponsePage) -> Value {
        let value = page.plain(given)
        switch value.tag {
        case .number:
            guard isText else { return value }
            if value.isText { return Value(string: value.utf8, count: value.count, flags: Value.Flag.clean | Value.Flag.ascii) }
            return page.string(JSONNumber(value.double).text)
        case .true: return isText ? page.string("true") : value
        case .false: return isText ? page.string("false") : value
        case .string: return isMoment ? page.moment(value) : value
        case .object: return fields.isEmpty ? value : object(value, in: page)
        case .array: return items.map { array(value, $0, in: page) } ?? value
        default: return value
        }
    }

    private func object(_ value: Value, in page: ResponsePage) -> Value {
        let old = value.members
        let members = Value.members(old.count, in: page.arena)
        var place = 0
        for at in old.indices {
            members[at] = (old[at].key, coerce(old[at].value, of: old[at].key, at: &place, in: page))
        }
        let object = Value(members: members, count: old.count)
        ObjectIndex.attach(to: object, in: page.arena)
        return object
    }

    private func array(_ value: Value, _ item: SchemaCoercion, in page: ResponsePage) -> Value {
        let old = value.elements
        guard old.count > 0 else { return value }
        let elements = page.arena.values(old.count)
        for at in old.indices { elements[at] = item.coerce(old[at], in: page) }
        return Value(array: elements, count: old.count)
    }

    /// Texts that strings point to for as long as this lives. Nothing changes once it is made: hence `Sendable`.
    private final class Names: @unchecked Sendable {
        let values: [Value]
        private let memory: Arena

        init(_ texts: [String]) {
            let memory = Arena(firstChunk: 1 << 8)
            self.memory = memory
            values = texts.map { Value(copying: $0, in: memory) }
        }

        deinit { memory.destroy() }
    }
}
