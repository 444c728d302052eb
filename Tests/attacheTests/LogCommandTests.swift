import Storage
import Testing

@testable import attache

@Suite struct LogCommandTests {
    private func call(_ id: String, at second: Int64) -> CallRecord {
        CallRecord(
            createdAt: Timestamp(millisecondsSinceEpoch: second * 1000), id: id, environmentID: "e", type: "platform",
            requestID: "req_\(id)", httpMethod: "GET", route: "/ping", status: 200, code: "ok", durationMS: 7)
    }

    @Test func `a row is shown once, also one that comes in late`() {
        var tail = LogTail(after: Timestamp(millisecondsSinceEpoch: 100_000), shown: ["a"])
        #expect(tail.since == Timestamp(millisecondsSinceEpoch: 90_000))
        #expect(tail.new([call("a", at: 100), call("b", at: 101)]).map(\.id) == ["b"])
        #expect(tail.new([call("late", at: 95), call("a", at: 100), call("b", at: 101)]).map(\.id) == ["late"])
        #expect(tail.new([call("c", at: 140)]).map(\.id) == ["c"])
        #expect(tail.since == Timestamp(millisecondsSinceEpoch: 130_000))
    }

    @Test(arguments: [("422", 1), ("5xx", 2), ("4XX", 2)])
    func `a status or a class of them is a filter`(text: String, count: Int) throws {
        #expect(try LogCommand.statusFilters(text).count == count)
    }

    @Test(arguments: ["", "9", "999", "6xx", "xxx", "5x", "ok"])
    func `what is no status is refused`(text: String) {
        #expect(throws: (any Error).self) { try LogCommand.statusFilters(text) }
    }

    @Test func `a line says when, what and how it ended`() {
        #expect(call("1", at: 0).line == "1970-01-01T00:00:00.000Z  GET /ping  200 ok 7 ms  req_1")
    }

    @Test(arguments: [("127.0.0.1:9464", "127.0.0.1", 9464), ("[::1]:0", "::1", 0), ("localhost:80", "localhost", 80)])
    func `an address has a host and a port`(text: String, host: String, port: Int) throws {
        let address = try ObservingOptions.address(text)
        #expect(address.host == host && address.port == port)
    }

    @Test(arguments: ["9464", ":9464", "host", "host:", "host:99999", "host:x"])
    func `what is no address is refused`(text: String) {
        #expect(throws: CommandError.self) { try ObservingOptions.address(text) }
    }
}
