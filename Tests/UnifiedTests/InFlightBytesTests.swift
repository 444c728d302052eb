import HTTPTypes
import Testing

@testable import Unified

@Suite struct InFlightBytesTests {
    static let wanted = InFlightBytes.Room(lookahead: 1 << 20, pipe: 256 << 10)

    @Test func `a call gets what it asks for until a quarter is taken, then the least, then nothing`() throws {
        let bytes = InFlightBytes(limit: 8 << 20)
        let first = try bytes.take(Self.wanted, bodyLength: nil)
        #expect(first == Self.wanted)
        var rooms: [InFlightBytes.Room] = []
        while let room = try? bytes.take(Self.wanted, bodyLength: nil) { rooms.append(room) }
        #expect(rooms.allSatisfy { $0 == InFlightBytes.least })
        #expect(rooms.count == ((8 << 20) - Self.wanted.cost) / InFlightBytes.least.cost)
        #expect(bytes.inUse <= 8 << 20)
        for room in rooms + [first] { bytes.release(room) }
        #expect(bytes.inUse == 0)
    }

    @Test func `a short body takes what it needs and is read whole`() throws {
        let bytes = InFlightBytes(limit: 8 << 20)
        let rooms = try (0..<20).map { _ in try bytes.take(Self.wanted, bodyLength: 20_000) }
        #expect(rooms.allSatisfy { $0.lookahead == 1 << 20 })
        #expect(bytes.inUse == 20 * 40_000)
    }

    @Test func `a refusal says when to come again`() throws {
        let bytes = InFlightBytes(limit: 1000)
        #expect { try bytes.take(Self.wanted, bodyLength: nil) } throws: { error in
            let error = error as? APIError
            return error?.code == .overloaded && error?.status == 503 && error?.headerFields == [.retryAfter: "1"]
        }
        #expect(bytes.inUse == 0)
    }

    @Test(arguments: [Int64(-1), 0, .max])
    func `no length upsets the count`(length: Int64) throws {
        let bytes = InFlightBytes(limit: 4 << 20)
        let room = try bytes.take(Self.wanted, bodyLength: length)
        bytes.release(room)
        #expect(bytes.inUse == 0)
    }
}
