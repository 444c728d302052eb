@_spi(Engine) import JSON

extension QueryTree {
    /// The member under which items without a name wait until `listed` makes lists of them; no query can spell it.
    private static let items = "\u{0}[]"

    /// Puts a value where a path of names leads; a name in brackets may be empty or a number, which make lists.
    static func insert(
        _ value: JSONValue, at path: ArraySlice<String>, into target: inout JSONValue, _ options: ReadingOptions
    ) {
        guard let first = path.first else {
            target = combined(target, value)
            return
        }
        let isBracketed = first.hasPrefix("[") && first.hasSuffix("]")
        let name = isBracketed ? String(first.dropFirst().dropLast()) : first
        var object = target.object ?? JSONObject()
        if target.object == nil, target != .null { object[items] = .array(target.array ?? [target]) }
        if isBracketed, name.isEmpty, options.readsArrays {
            let rest = path.dropFirst()
            var added = value
            if !rest.isEmpty {
                added = .null
                insert(value, at: rest, into: &added, options)
            }
            if options.allowsEmptyArrays, added == .string("") || added == .null {
                object[items] = object[items] ?? .array([])
            } else {
                object[items] = .array((object[items]?.array ?? []) + (added.array ?? [added]))
            }
        } else {
            let key = isBracketed && name.isEmpty ? "0" : name
            var inner = object[key] ?? .null
            insert(value, at: path.dropFirst(), into: &inner, options)
            object[key] = inner
        }
        target = .object(object)
    }

    private static func combined(_ old: JSONValue, _ new: JSONValue) -> JSONValue {
        switch old {
        case .null: return new
        case .object(var object):
            object[items] = .array((object[items]?.array ?? []) + (new.array ?? [new]))
            return .object(object)
        default: return .array((old.array ?? [old]) + (new.array ?? [new]))
        }
    }

    /// Objects whose members are all numbers up to the limit, or without a name, as lists in that order.
    static func listed(_ value: JSONValue, _ options: ReadingOptions, isRoot: Bool = true) -> JSONValue {
        guard case .object(let object) = value else {
            if case .array(let list) = value { return .array(list.map { listed($0, options, isRoot: false) }) }
            return value
        }
        let waiting = object[items]?.array ?? []
        var numbered: [(index: Int, value: JSONValue)] = []
        var isList = !isRoot && options.readsArrays
        for (key, member) in object where key != items {
            if let index = Int(key), String(index) == key, index >= 0, index <= options.arrayLimit {
                numbered.append((index, member))
            } else {
                isList = false
            }
        }
        if isList {
            let sorted = numbered.sorted { $0.index < $1.index }.map(\.value) + waiting
            return .array(sorted.map { listed($0, options, isRoot: false) })
        }
        var result = JSONObject()
        for (key, member) in object where key != items { result[key] = listed(member, options, isRoot: false) }
        var next = 0
        for item in waiting {
            while result[String(next)] != nil { next += 1 }
            result[String(next)] = listed(item, options, isRoot: false)
        }
        return .object(result)
    }
}
