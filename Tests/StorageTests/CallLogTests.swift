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

    @Test func `the oldest rows go, by age and by number, in the pieces in which they were written`() async throws {
        try await withStore { store, _ in
            for second in 0..<20 { try await store.appendCalls([call("\(second)", at: Int64(second))]) }
            try await store.appendCalls((20..<24).map { call("\($0)", at: Int64($0)) })
            #expect(try await store.deleteCalls(before: .start(plus: 5), pieces: 3) == 3)
            #expect(try await store.deleteCalls(before: .start(plus: 5), pieces: 3) == 2)
            #expect(try await store.deleteCalls(before: .start(plus: 5), pieces: 3) == 0)
            #expect(try await store.countCalls() == 19)
            #expect(try await store.deleteOldestCalls(5) == 5)
            #expect(try await store.countCalls() == 14)
            let left = try await store.calls([], environment: nil, since: .start, limit: 100)
            #expect(left.map(\.id) == (10..<24).map(String.init))
            // The last piece has four rows.
            #expect(try await store.deleteOldestCalls(13) == 10)
            #expect(try await store.deleteCalls(before: .start(plus: 23), pieces: 9) == 0)
            #expect(try await store.deleteOldestCalls(20) == 4)
        }
    }

    @Test func `rows of a version without pieces are taken over, each once`() async throws {
        try await withStore { store, _ in
            let rows = (0..<7).map { call("\($0)", at: Int64($0), status: $0 % 2 == 0 ? nil : 200) }
            try await store.engine.write { session in for row in rows.shuffled() { try session.insert(row) } }
            try await store.appendCalls([call("7", at: 3)])
            #expect(try await store.adoptCalls(5) == 5)
            #expect(try await store.adoptCalls(5) == 2)
            #expect(try await store.adoptCalls(5) == 0)
            let page = try await store.calls([], environment: nil, before: nil, limit: 10)
            #expect(Set(page.items) == Set(rows + [call("7", at: 3)]) && page.items.count == 8)
        }
    }

    @Test func `pieces of several nodes are read in one order of time, in both directions`() async throws {
        try await withStore { store, _ in
            // Three nodes, each of which writes every third call, in pieces of different lengths.
            let rows = (0..<300).map { call(String(1000 + $0), at: Int64($0)) }
            for node in 0..<3 {
                var own = rows.enumerated().filter { $0.offset % 3 == node }.map(\.element)[...]
                while !own.isEmpty {
                    let piece = own.prefix(node == 0 ? 1 : 7 * node)
                    try await store.appendCalls(Array(piece))
                    own = own.dropFirst(piece.count)
                }
            }
            var (read, before): ([CallRecord], Position?) = ([], nil)
            repeat {
                let page = try await store.calls([], environment: nil, before: before, limit: 7)
                read += page.items
                before = page.next
            } while before != nil
            #expect(read == rows.reversed())
            #expect(try await store.calls([], environment: nil, since: .start(plus: 100), limit: 50) == Array(rows[100..<150]))
        }
    }

    @Test(arguments: [
        "plain", "", "a\tb", "line\nline", "\\N", "back\\slash", "\\t", "nul\u{0}", "\r", "Zoë 🎉", "\u{1}\u{1f}",
    ])
    func `a field may hold any text`(text: String) throws {
        let row = CallRecord(
            createdAt: .start(plus: 1), id: text, environmentID: "env1", type: "platform", httpMethod: "GET", route: text,
            code: text, durationMS: 1)
        let lines = CallLines([row, call("2", at: 2)])
        #expect(!lines.text.contains("\0"))
        #expect(try lines.calls(CallCondition([], environment: nil)) == [row, call("2", at: 2)])
        #expect(try lines.calls(CallCondition([Filter(.route, .eq, [text])], environment: "env1")) == [row])
    }

    @Test(arguments: ["x", "1\tid\tenv", "1\t\\N\tenv", "1\t\\x\tenv"])
    func `lines that no version has written are reported`(text: String) {
        #expect(throws: StorageError.self) { try CallLines(text: text).calls(CallCondition([], environment: nil)) }
    }

    @Test func `what a later version adds to a line is passed over`() throws {
        let row = call("1", at: 1)
        let lines = CallLines(text: CallLines([row]).text.dropLast() + "\tmore\n")
        #expect(try lines.calls(CallCondition([], environment: nil)) == [row])
    }

    /// Each comparison of a text, a number, a time and no value at all, as SQL has it.
    @Test func `filters find what SQL would`() async throws {
        let rows = [
            call("1", at: 1), call("2", at: 2, status: 404), call("3", at: 3, status: nil), call("Ä%_4", at: 4, status: 9),
            call("a\\5", at: 5, status: 10),
        ]
        let values: [CallField: [[String]]] = [
            .status: [["404"], ["9", "200"], ["x"], ["x", "10"], []],
            .id: [["2"], ["1", "3"], ["a%"], ["_"], ["%"], ["%\\_4"], ["A\\\\5"], ["%5"], ["\\"], ["%%_"], []],
            .createdAt: [[Timestamp.start(plus: 3).text], ["x"], [Timestamp.start(plus: 1).text, Timestamp.start(plus: 4).text]],
            .code: [["ok"], ["aborted", "x"]], .traceID: [["t"]],
        ]
        try await withStore { store, _ in
            try await store.engine.write { session in for row in rows { try session.insert(row) } }
            for (field, lists) in values {
                // A pattern for a number is refused before.
                for comparison in Filter<CallField>.Comparison.allCases where comparison != .like || field.kind == .text {
                    for list in lists {
                        let filter = Filter(field, comparison, list)
                        let wanted: [CallRecord] = try await store.engine.read { try $0.all(where: filter.condition) }
                        let found = try CallLines(rows).calls(CallCondition([filter], environment: nil))
                        #expect(Set(found) == Set(wanted), "\(filter)")
                    }
                }
            }
        }
    }
}
