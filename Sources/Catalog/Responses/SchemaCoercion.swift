@_spi(Engine) package import JSON

/// Brings mapped records into the form of their schema, where they lie in an arena.
///
/// Numbers and booleans become texts where the schema says `string`, texts of a number become numbers where it says `integer`
/// or `number`, and moments take the form of the wire where it says `date-time`. What the provider did not give is left out
/// at every depth: null, a blank `id`, an object of which nothing is left. Everything else stays as the mapping made it.
/// Made once for a schema.
package final class SchemaCoercion: Sendable {
    private struct Field: Sendable {
        /// Points into `names`.
        var name: Value
        var coercion: SchemaCoercion
    }

    private let isText: Bool
    private let isNumber: Bool
    private let isID: Bool
    private let isMoment: Bool
    private let fields: [Field]
    private let items: SchemaCoercion?
    private let names: Names

    /// - Parameter schema: a JSON Schema; of it `type`, `format`, `properties` and `items` are read.
    package convenience init(_ schema: JSONValue) { self.init(schema, of: "") }

    private init(_ schema: JSONValue, of name: String) {
        let type = schema["type"]?.string
        isText = type == "string"
        isNumber = type == "integer" || type == "number"
        isID = isText && name == "id"
        isMoment = schema["format"]?.string == "date-time"
        items = schema["items"].map { SchemaCoercion($0, of: "") }
        let named = (schema["properties"]?.object?.elements ?? []).filter { $0.key != "remote_data" }
        let names = Names(named.map(\.key))
        self.names = names
        fields = zip(names.values, named).map { Field(name: $0, coercion: SchemaCoercion($1.value, of: $1.key)) }
    }

    /// What becomes of the value of a member; undefined where it is left out, and as it is where the schema has no such member.
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
        case .null: return .undefined
        case .string:
            if isMoment { return page.moment(value) }
            if isID, Self.isBlank(value) { return .undefined }
            return isNumber && Self.isNumber(value) ? Value(numberText: value.utf8, count: value.count) : value
        case .object: return fields.isEmpty ? value : object(value, in: page)
        case .array: return items.map { array(value, $0, in: page) } ?? value
        default: return value
        }
    }

    private func object(_ value: Value, in page: ResponsePage) -> Value {
        let old = value.members
        let members = Value.members(old.count, in: page.arena)
        var place = 0
        var count = 0
        for member in old {
            let value = coerce(member.value, of: member.key, at: &place, in: page)
            if value.isUndefined || value.tag == .null { continue }
            members[count] = (member.key, value)
            count += 1
        }
        guard count > 0 else { return .undefined }
        let object = Value(members: members, count: count)
        ObjectIndex.attach(to: object, in: page.arena)
        return object
    }

    private func array(_ value: Value, _ item: SchemaCoercion, in page: ResponsePage) -> Value {
        let old = value.elements
        guard old.count > 0 else { return value }
        let elements = page.arena.values(old.count)
        var count = 0
        for element in old {
            let value = item.coerce(element, in: page)
            if value.isUndefined { continue }
            elements[count] = value
            count += 1
        }
        return Value(array: elements, count: count)
    }

    private static func isBlank(_ text: Value) -> Bool { text.bytes.allSatisfy { $0 == UInt8(ascii: " ") } }

    /// A number by RFC 8259 §6, without an exponent.
    private static func isNumber(_ text: Value) -> Bool {
        var bytes = text.bytes[...]
        if bytes.first == UInt8(ascii: "-") { bytes = bytes.dropFirst() }
        let whole = bytes.prefix { digits.contains($0) }
        guard let first = whole.first, first != UInt8(ascii: "0") || whole.count == 1 else { return false }
        let rest = bytes.dropFirst(whole.count)
        guard let point = rest.first else { return true }
        return point == UInt8(ascii: ".") && rest.count > 1 && rest.dropFirst().allSatisfy { digits.contains($0) }
    }

    private static let digits = UInt8(ascii: "0")...UInt8(ascii: "9")

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
