import StorageTestSupport
import Testing

@testable import Storage

@Suite struct CallLogTests {
    private func call(_ id: String, at second: Int64, environment: String = "env1", status: Int64? = 200) -> CallRecord {
        CallRecord(
            createdAt: .start(plus: second), id: id, environmentID: environment, type: "provider", requestID: "r\(id)",
            traceID: "t", httpMethod: "POST", host: "api.example.com", resource: "ats/attachments", method: "create",
            integration: "acme", accountID: "a\(id)", status: status, code: status == nil ? "aborted" : "ok",
            durationMS: 12, providerMS: 3, bytesIn: 4, bytesOut: 5, retries: 1)
    }

    @Test func `what is written is read whole, the newest first, page by page, of one environment`() async throws {
        try await withStore { store, _ in
            let rows = (0..<250).map { call("\($0)", at: Int64($0 / 2), status: $0 % 3 == 0 ? nil : 200) }
            try await store.appendCalls(rows + [call("other", at: 5, environment: "env2")])
            var (read, before): ([CallRecord], Position?) = ([], nil)
            repeat {
                let page = try await store.calls([], environment: "env1", before: before, limit: 40)
                read += page.items
                before = page.next
            } while before != nil
            #expect(read.count == 250 && Set(read) == Set(rows))
            #expect(read.map(\.createdAt) == read.map(\.createdAt).sorted(by: >))
            let all = try await store.calls([], environment: nil, before: nil, limit: 1000)
            #expect(all.items.count == 251)
        }
    }

    @Test func `a row that is written again is there once`() async throws {
        try await withStore { store, _ in
            for _ in 0..<2 { try await store.appendCalls([call("1", at: 1)]) }
            #expect(try await store.calls([], environment: nil, since: .start, limit: 10).count == 1)
        }
    }

    @Test(arguments: [
        (Filter<CallField>(.status, .gte, ["400"]), ["2", "3"]), (Filter(.status, .eq, ["404"]), ["2"]),
        (Filter(.status, .eq, ["x"]), []), (Filter(.accountID, .eq, ["a1"]), ["1"]),
        (Filter(.createdAt, .gt, [Timestamp.start(plus: 2).text]), ["3", "4"]),
        (Filter(.code, .eq, ["aborted"]), ["4"]),
    ])
    func `rows are found by their fields`(filter: Filter<CallField>, ids: [String]) async throws {
        try await withStore { store, _ in
            try await store.appendCalls([
                call("1", at: 1), call("2", at: 2, status: 404), call("3", at: 3, status: 500), call("4", at: 4, status: nil),
            ])
            #expect(try await store.calls([filter], environment: "env1", since: .start, limit: 10).map(\.id) == ids)
        }
    }

    @Test func `the oldest rows go, by age and by number`() async throws {
        try await withStore { store, _ in
            try await store.appendCalls((0..<20).map { call("\($0)", at: Int64($0)) })
            #expect(try await store.deleteCalls(before: .start(plus: 5), limit: 3) == 3)
            #expect(try await store.deleteCalls(before: .start(plus: 5), limit: 3) == 2)
            #expect(try await store.deleteCalls(before: .start(plus: 5), limit: 3) == 0)
            #expect(try await store.countCalls() == 15)
            #expect(try await store.deleteOldestCalls(5) == 5)
            #expect(try await store.countCalls() == 10)
            let left = try await store.calls([], environment: nil, since: .start, limit: 100)
            #expect(left.map(\.id) == (10..<20).map(String.init))
            #expect(try await store.deleteOldestCalls(20) == 10)
        }
    }
}
