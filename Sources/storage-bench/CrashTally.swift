import Storage

/// What the checks after all the crashes have found.
struct CrashTally: CustomStringConvertible {
    private(set) var acknowledged = 0
    private(set) var lost: [String] = []
    private(set) var half: [String] = []

    var isClean: Bool { lost.isEmpty && half.isEmpty }

    var description: String {
        "\(lost.count) lost \(lost.prefix(5)), \(half.count) half \(half.prefix(5))"
    }

    /// Opens the database as the next process would, and compares it with what was acknowledged in a round.
    mutating func check(_ last: [String: String], round: Int, at address: String) async throws {
        let store = try await Subject.reopen(address)
        defer { try? store.close() }
        acknowledged += last.count
        let told = try await Self.events(round, store)
        for (id, what) in last {
            let found = try await store.account(id, environment: Subject.environment)
            switch (what, found?.record.version) {
            // The next write of the account may have been stored and its acknowledgement cut off.
            case ("made", 1), ("made", 2), ("changed", 2), ("gone", nil): break
            case ("changed", nil) where Self.isDeletedLater(id): break
            default: lost.append("\(what) \(id) is \(found?.record.version ?? 0)")
            }
            if found == nil, try await store.sealed(id, field: EncryptedRecord.secretsField) != nil {
                half.append("\(id) left its secrets")
            }
            // Made, changed and deleted.
            if what == "gone", told[id] != 3 { half.append("\(id) is gone with \(told[id] ?? 0) events") }
        }
        let ofRound = Listing(filters: [Filter(AccountField.tenantID, .eq, [CrashWriter.tenant(round)])])
        let records = try await store.accounts(ofRound, environment: Subject.environment).items
        for record in records {
            let found = try await store.account(record.id, environment: Subject.environment)
            if found?.secrets?.version != record.version { half.append("\(record.id) has version \(record.version)") }
            let events = told[record.id] ?? 0
            if events != record.version { half.append("\(record.id) has version \(record.version) and \(events) events") }
        }
    }

    /// How many events a round has stored of each account.
    private static func events(_ round: Int, _ store: SQLStore) async throws -> [String: Int] {
        let ofRound = Listing(filters: [Filter(DeliveryField.event, .eq, [CrashWriter.tenant(round)])])
        let deliveries = try await store.deliveries(ofRound, environment: Subject.environment).items
        return deliveries.reduce(into: [:]) { $0[String($1.id.prefix { $0 != " " }), default: 0] += 1 }
    }

    private static func isDeletedLater(_ id: String) -> Bool {
        (id.split(separator: "-").last.flatMap { Int($0) } ?? 1) % 3 == 0
    }
}
