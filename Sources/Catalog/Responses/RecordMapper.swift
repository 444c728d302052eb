@_spi(Engine) import JSON
@_spi(Engine) import JSONata

/// Maps the records of one page, in its workspace.
struct RecordMapper {
    private let plan: MethodPlan
    private let call: PlannedCall
    private let page: ResponsePage
    private let names: ScopeDocuments
    private let coercion: SchemaCoercion
    private static let remoteData = Value(constant: "remote_data")

    init(_ plan: MethodPlan, _ call: PlannedCall, _ page: ResponsePage, _ names: ScopeDocuments) {
        self.plan = plan
        self.call = call
        self.page = page
        self.names = names
        coercion = plan.schema.coercion
    }

    /// - Parameter items: the provider's records.
    func records(of items: [Workspace.Document]) throws(CatalogError) -> [MappedRecord] {
        var records: [MappedRecord] = []
        if call.mapping.responseIsArray == true {
            guard let mapping = call.mapping.response else { return [] }
            let input = page.input(names.seen(by: mapping), response: page.workspace.array(items))
            let mapped = page.items(try page.evaluate(mapping, on: input))
            // Rows can be paired with their raw records only where the mapping kept them all.
            let isAligned = mapped.count == items.count
            for (at, row) in mapped.enumerated() {
                guard let row = object(row) else { continue }
                records.append(try finished(RecordMembers(row, in: page.arena), raw: isAligned ? items[at] : nil))
            }
            return records
        }
        records.reserveCapacity(items.count)
        for item in items { if let record = try record(of: item) { records.append(record) } }
        return records
    }

    /// A list's record of an item by itself; nil where the mapping drops it.
    func record(of item: Workspace.Document) throws(CatalogError) -> MappedRecord? {
        let mapped =
            try call.mapping.response.map { (mapping) throws(CatalogError) in
                try page.evaluate(mapping, on: names.input(for: mapping, response: item))
            } ?? item
        guard let object = object(mapped) else { return nil }
        var members = RecordMembers(object, in: page.arena)
        if let account = plan.accountResponseMapping {
            let own = self.object(try page.evaluate(account, on: names.input(for: account, response: item)))
            for member in own?.members ?? .init(start: nil, count: 0) where !member.value.isUndefined {
                members.set(member.key, member.value)
            }
        }
        // A temporary record says when it ends, or its loss would come as a surprise.
        if let end = plan.mapping.expiresAt {
            let time = page.plain(try page.evaluate(end, on: names.input(for: end, response: item)).value)
            if !time.isUndefined, time.tag != .null { members.set(Value(constant: "expires_at"), time) }
        }
        return try finished(members, raw: item)
    }

    /// Makes what all records share, so that it stays where the values of single records are forgotten.
    func prepare() {
        for expression in [call.mapping.response, plan.accountResponseMapping, plan.mapping.expiresAt] {
            if let expression { _ = names.input(for: expression, response: page.null) }
        }
    }

    private func object(_ document: Workspace.Document) -> Value? {
        let value = page.plain(document.value)
        return value.isObject ? value : nil
    }

    private func finished(_ given: RecordMembers, raw: Workspace.Document?) throws(CatalogError) -> MappedRecord {
        let remoteData = Self.remoteData
        var members = RecordMembers(capacity: given.count + 1, in: page.arena)
        var hasRemoteData = false
        var place = 0
        for member in given.all {
            let value = page.plain(member.value)
            // A field that the provider does not give is absent, and null is its way of not giving one.
            if value.isUndefined || value.tag == .null { continue }
            if member.key.sameString(remoteData) { hasRemoteData = true }
            let coerced = coercion.coerce(value, of: member.key, at: &place, in: page)
            if !coerced.isUndefined { members.append(member.key, coerced) }
        }
        if !hasRemoteData, let raw, let own = page.raw(raw) { members.append(remoteData, own) }
        do { try page.workspace.checkMemory() } catch { throw CatalogError(error, at: MappedRecord.place) }
        return MappedRecord(document: page.workspace.document(members.object), workspace: page.workspace)
    }
}
