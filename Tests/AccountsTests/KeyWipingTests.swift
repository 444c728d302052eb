import Encodings
import Foundation
import Testing

@testable import Accounts

@Suite struct KeyWipingTests {
    @Test func `what is wiped is zero`() {
        var (bytes, data) = ([UInt8](repeating: 7, count: 100), Data(repeating: 7, count: 100))
        Wiping.wipe(&bytes)
        Wiping.wipe(&data)
        #expect(bytes == [UInt8](repeating: 0, count: 100) && Array(data) == bytes)
    }

    #if os(Linux)
        /// The child looks for the key in the whole of its own memory. It is told the key in disguise, or it would find
        /// what it was told. A sanitizer keeps what was given back, and maps terabytes.
        @Test(
            .enabled(if: ProcessInfo.processInfo.environment["ATTACHE_SANITIZER"] == nil), arguments: ["raw", "base64url", "hexadecimal"])
        func `a process that has read a key file and used the key holds neither its text nor its bytes`(form: String) async throws {
            let path = FileManager.default.temporaryDirectory.appendingPathComponent("attache-\(UUID().uuidString)").path
            defer { try? FileManager.default.removeItem(atPath: path) }
            // Zeros are too frequent to begin with.
            let key = [UInt8.random(in: 1...255)] + (1..<32).map { _ in UInt8.random(in: 0...255) }
            let text = form == "hexadecimal" ? Hex.text(key) : Base64URL.text(key)
            // So long that what is read of it is not overwritten by chance once it is given back.
            let comment = String(repeating: "# \(String(repeating: "-", count: 98))\n", count: 300)
            try Data("\(comment)main:\(text)\n\(comment)".utf8).write(to: URL(fileURLWithPath: path))
            let sought = form == "raw" ? key : Array(text.utf8)
            let disguise = sought.map { $0 ^ 0x55 }
            await #expect(processExitsWith: .success) { [path = path as String, disguise = disguise as [UInt8]] in
                func use() throws {
                    let vault = Vault(ring: try KeyRing.load(variable: nil, file: path).ring)
                    let place = EncryptionContext(environmentID: "e", ownerID: "o", field: "f")
                    let opened = try vault.open(try vault.seal([1], for: place).envelope, for: place)
                    #expect(opened == [1])
                }
                try use()
                let left = try OwnMemory.count(disguise)
                #expect(left == 0)
                // That it would be found.
                let kept = disguise.map { $0 ^ 0x55 }
                let found = try OwnMemory.count(disguise)
                withExtendedLifetime(kept) { #expect(found > 0) }
            }
        }
    #endif
}

#if os(Linux)
    /// The memory of this process that it may write to.
    private enum OwnMemory {
        /// How often bytes are in it, which are given with the bit pattern 0x55 over each.
        static func count(_ disguise: [UInt8]) throws -> Int {
            let maps = try String(contentsOfFile: "/proc/self/maps", encoding: .utf8)
            let memory = open("/proc/self/mem", O_RDONLY)
            let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 4096)
            defer {
                close(memory)
                room.deallocate()
            }
            let own = Int(bitPattern: room.baseAddress)
            var count = 0
            for line in maps.split(separator: "\n") where line.contains(" rw") {
                let ends = line.prefix { $0 != " " }.split(separator: "-").compactMap { Int($0, radix: 16) }
                // Pieces that overlap, so that nothing is missed between two; the room itself is no part of the search.
                for start in stride(from: ends[0], to: ends[1], by: room.count / 2) {
                    let end = min(start + room.count / 2 + disguise.count, ends[1])
                    if own < end, start < own + room.count { continue }
                    let got = pread(memory, room.baseAddress, end - start, off_t(start))
                    if got > 0 { count += Self.count(disguise, in: UnsafeRawBufferPointer(rebasing: room[..<got])) }
                }
            }
            memset(room.baseAddress!, 0, room.count)
            return count
        }

        private static func count(_ disguise: [UInt8], in piece: UnsafeRawBufferPointer) -> Int {
            var (count, at) = (0, 0)
            while at + disguise.count <= piece.count,
                let found = memchr(piece.baseAddress! + at, Int32(disguise[0] ^ 0x55), piece.count - at - disguise.count + 1)
            {
                at = UnsafeRawPointer(found) - piece.baseAddress!
                if disguise.indices.allSatisfy({ piece[at + $0] ^ 0x55 == disguise[$0] }) { count += 1 }
                at += 1
            }
            return count
        }
    }
#endif
