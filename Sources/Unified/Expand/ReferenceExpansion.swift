import JSON

/// Which records the references of a response point to, and the response with them in place. Pure.
struct ReferenceExpansion: Sendable {
    /// A record that is fetched once, however many references point to it.
    struct Key: Hashable, Sendable {
        let resource: String
        let id: String
    }

    struct Fetch: Sendable, Equatable {
        let key: Key
        /// The field that was the first to refer to it.
        let field: String
        let query: JSONObject
    }

    let fields: [ReferenceField]

    /// What is to be fetched for these records, each once, in the order in which it is referred to.
    func fetches(for records: [JSONValue]) -> [Fetch] {
        var seen: Set<Key> = []
        var fetches: [Fetch] = []
        for record in records {
            for field in fields {
                for reference in Self.references(record[field.name]) {
                    guard let id = reference["id"]?.string, !id.isEmpty else { continue }
                    let key = Key(resource: field.resource, id: id)
                    guard seen.insert(key).inserted else { continue }
                    fetches.append(Fetch(key: key, field: field.name, query: field.query(for: record)))
                }
            }
        }
        return fetches
    }

    /// The record with what was found in place of its references; one that was not found stays as it is.
    func filled(_ record: JSONValue, with found: [Key: JSONValue]) -> JSONValue {
        guard var object = record.object else { return record }
        for field in fields {
            switch object[field.name] {
            case .array(let items): object[field.name] = .array(items.map { Self.filled($0, field, found) })
            case let item?: object[field.name] = Self.filled(item, field, found)
            case nil: break
            }
        }
        return .object(object)
    }

    /// The envelope of a list, or one record, with each of its records changed.
    static func mapRecords(of document: JSONValue, isList: Bool, _ change: (JSONValue) -> JSONValue) -> JSONValue {
        guard isList else { return change(document) }
        guard var envelope = document.object else { return document }
        switch envelope["result"] {
        case .array(let records): envelope["result"] = .array(records.map(change))
        case .object(var keyed):
            for (key, record) in keyed.elements { keyed[key] = change(record) }
            envelope["result"] = .object(keyed)
        default: break
        }
        return .object(envelope)
    }

    static func records(of document: JSONValue, isList: Bool) -> [JSONValue] {
        guard isList else { return [document] }
        return document["result"]?.array ?? document["result"]?.object?.elements.map(\.value) ?? []
    }

    private static func references(_ value: JSONValue?) -> [JSONValue] {
        switch value {
        case .array(let items): items
        case let item?: [item]
        case nil: []
        }
    }

    /// What the fetched record says wins; what it leaves out stays.
    private static func filled(_ reference: JSONValue, _ field: ReferenceField, _ found: [Key: JSONValue]) -> JSONValue {
        guard var object = reference.object, let id = reference["id"]?.string,
            let record = found[Key(resource: field.resource, id: id)]?.object
        else { return reference }
        for (name, value) in record.elements where !value.isNull || object[name] == nil { object[name] = value }
        return .object(object)
    }
}
