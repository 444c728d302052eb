import Foundation
import Testing

@testable import Accounts

private let hexKey = String(repeating: "0a", count: 32)
private let base64Key = Data(repeating: 0x0A, count: 32).base64EncodedString()
private let otherKey = String(repeating: "0b", count: 32)

@Suite struct KeyRingTests {
    @Test(arguments: [
        (hexKey, ["k"]), ("a:\(hexKey)", ["a"]), ("a:\(hexKey),b:\(otherKey)", ["a", "b"]),
        ("  b:\(otherKey)\n# a comment: with, commas\na:\(base64Key)\n", ["b", "a"]),
        ("a:\(hexKey) a:\(base64Key)", ["a"]),
    ]) func `texts give rings, and the first key seals`(text: String, ids: [String]) throws {
        let ring = try KeyRing(Secret(text))
        if ids == ["k"] {
            #expect(ring.currentID == KeyRing.fingerprint(Array(repeating: 0x0A, count: 32)))
        } else {
            #expect(ring.ids == ids.sorted())
            #expect(ring.currentID == ids[0])
        }
    }

    @Test(arguments: [
        ("", "there is no master key"), ("# only a comment", "there is no master key"), ("a:", "\"a\" must be 32 bytes"),
        ("abc", "number 1 must be 32 bytes"), ("a:\(hexKey),b:0a0b", "\"b\" must be 32 bytes"),
        ("a.b:\(hexKey)", "id of master key number 1"), (":\(hexKey)", "id of master key number 1"),
        ("\(hexKey):main", "number 1 is a key"), ("\(base64Key):main", "number 1 is a key"),
        ("a:\(hexKey),a:\(otherKey)", "two different master keys have the id \"a\""),
    ]) func `a wrong key is named, and not shown`(text: String, message: String) {
        #expect { try KeyRing(Secret(text)) } throws: { error in
            let shown = "\(error)"
            return shown.contains(message) && !shown.contains(hexKey) && !shown.contains(base64Key) && !shown.contains("0a0b")
        }
    }

    @Test func `hexadecimal and base64 of one key have one id`() throws {
        #expect(try KeyRing(Secret(hexKey)).currentID == KeyRing(Secret(base64Key)).currentID)
    }

    @Test func `a key file is made once, for its owner only, and read ever after`() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("attache-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let first = try KeyRing.load(variable: nil, file: path)
        #expect(first.madeFile)
        #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
        let second = try KeyRing.load(variable: Secret(""), file: path)
        #expect(!second.madeFile)
        #expect(second.ring.ids == first.ring.ids)
        let both = try KeyRing.load(variable: Secret("new:\(hexKey)"), file: path)
        #expect(both.ring.currentID == "new")
        #expect(both.ring.ids.count == 2)
        let leftovers = try FileManager.default.contentsOfDirectory(atPath: (path as NSString).deletingLastPathComponent)
        #expect(!leftovers.contains { $0.hasPrefix((path as NSString).lastPathComponent + ".") })
    }

    @Test func `programs that start at once agree on one key`() async throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("attache-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let results = try await withThrowingTaskGroup(of: (ids: [String], made: Bool).self) { group in
            for _ in 0..<16 {
                group.addTask {
                    let loaded = try KeyRing.load(variable: nil, file: path)
                    return (loaded.ring.ids, loaded.madeFile)
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(results.map(\.ids)).count == 1)
        #expect(results.count { $0.made } == 1)
    }
}
