package import JSON
package import Storage

/// The audit log: what was done to tokens, accounts and keys, each entry chained to the one before.
package struct AuditService: Sendable {
    private let store: any AuditStore
    private let effects: Effects

    package init(store: any AuditStore, effects: Effects = .live) {
        self.store = store
        self.effects = effects
    }

    /// Notes something that changes no row, such as the start of a rotation of keys.
    package func record(
        _ action: String, subject: String, environment: String? = nil, detail: JSONObject = [:]
    ) async throws(AccountsError) {
        let entry = Audit.entry(action, subject, environment, detail, at: effects.now())
        try await stored { () async throws(StorageError) in try await store.appendAudit(entry) }
    }

    /// At most 1000 entries behind `seq`, of one environment or all.
    package func entries(
        after seq: Int64 = 0, environment: String? = nil, limit: Int = 100
    ) async throws(AccountsError) -> [AuditRecord] {
        try await stored { () async throws(StorageError) in
            try await store.auditEntries(after: seq, environment: environment, limit: min(max(limit, 1), 1000))
        }
    }

    /// A page of the newest entries, the newest first, of one environment or all.
    ///
    /// - Parameter cursor: the `nextCursor` of the page before; nil or empty for the first.
    /// - Throws: `.invalidCursor`.
    package func latest(
        environment: String? = nil, cursor: String? = nil, limit: Int = 100
    ) async throws(AccountsError) -> List<AuditRecord> {
        var last: Int64?
        if let cursor, !cursor.isEmpty {
            guard let place = Int64(cursor), place > 0 else { throw .invalidCursor }
            last = place
        }
        let (before, limit) = (last, min(max(limit, 1), 1000))
        let found = try await stored { () async throws(StorageError) in
            try await store.latestAuditEntries(before: before, environment: environment, limit: limit + 1)
        }
        let page = Array(found.prefix(limit))
        return List(result: page, nextCursor: found.count > limit ? page.last.map { String($0.seq) } : nil, limit: limit)
    }

    /// What a check of the chain found.
    package struct Report: Sendable, Hashable {
        /// Entries that are sound, from the first on.
        package var entries: Int64
        /// The hash of the last sound entry. Kept elsewhere, it shows later that nothing before it was changed.
        package var head: String
        /// Nil where the whole chain is sound.
        package var problem: String?
    }

    /// Reads the whole log and checks every link, and that its end is where the log says it is.
    ///
    /// - Parameter pinned: an entry's place and hash as a report gave them earlier; nil for none. Only that shows that
    ///   someone with the database in hand has not written the whole chain anew.
    package func verify(pinned: (seq: Int64, hash: String)? = nil) async throws(AccountsError) -> Report {
        // First the head: entries that come while we read lie behind it.
        let head = try await stored { () async throws(StorageError) in try await store.auditHead() }
        var report = Report(entries: 0, head: "", problem: nil)
        func broken(_ problem: String) -> Report {
            Report(entries: report.entries, head: report.head, problem: problem)
        }
        while true {
            let page = try await entries(after: report.entries, limit: 1000)
            for record in page {
                let expected = report.entries + 1
                guard record.seq == expected else { return broken("entry \(expected) is missing") }
                guard record.previousHash == report.head else {
                    return broken("entry \(expected) does not follow the one before it")
                }
                guard record.isSound else { return broken("entry \(expected) was changed") }
                if let pinned, pinned.seq == expected, pinned.hash != record.hash {
                    return broken("entry \(expected) is not the one that was there before")
                }
                report.entries = expected
                report.head = record.hash
                if expected == head.seq, record.hash != head.hash { return broken("the end of the log was changed") }
            }
            if page.count < 1000 { break }
        }
        if report.entries < max(head.seq, pinned?.seq ?? 0) {
            return broken("entries behind \(report.entries) are missing")
        }
        return report
    }
}
