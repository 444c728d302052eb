import Foundation
@_spi(Engine) import JSON
import Testing

/// Damaged documents, from a seed: the two parsers must agree on what is JSON, and what is written must read the same.
///
/// `script/fuzz` goes on for an hour from a seed of its own.
@Suite struct FuzzTests {
    static let seeds: [String] = [
        #"{"a":[1,-2.5e3,"x\ny",null,true,false],"é":{"b":"😀"}}"#, #"[[],{},"",0,-0.0,1E5,"\u00e9\ud83d\ude00"]"#,
        #"{"k0":0,"k1":1,"k2":2,"k3":3,"k4":4,"k5":5,"k6":6,"k7":7,"k8":8,"k9":9,"k10":10,"k11":11,"k12":12,"k13":13,"k14":14,"k15":15,"k16":16,"k1":17}"#,
        #"[{"id":1,"name":"x","a_longer_name":{"k":1}},{"id":2,"name":"y","a_longer_name":{"k":2}},{"id":3,"name":"z"}]"#,
        #"[{"a\\":1,"b":[{"c":1},{"c":2}]},{"a\\":2,"b":[{"c":1},{"c":2}]}]"#,
        #"  [ "a long string without anything special in it, to cross several words" , 12345678901234567890 ]  "#,
    ]

    @Test func `damaged documents are refused or read alike`() {
        let environment = ProcessInfo.processInfo.environment
        let seconds = environment["ATTACHE_FUZZ_SECONDS"].flatMap(Double.init)
        let seed = environment["ATTACHE_FUZZ_SEED"].flatMap { UInt64($0) } ?? (seconds == nil ? 1 : .random(in: 0 ... .max))
        if seconds != nil { print("documents: seed \(seed)") }
        var random = SplitMix(state: seed)
        let end = Date().addingTimeInterval(seconds ?? 0)
        var turns = 0
        defer { if seconds != nil { print("documents: \(turns * 2000)") } }
        repeat {
            for _ in 0..<2000 {
                let document = mutated(&random)
                if let fault = disagreement(document) {
                    Issue.record("\(fault): \(String(decoding: document, as: UTF8.self)) \(document)")
                    return
                }
            }
            turns += 1
        } while Date() < end
        #expect(turns > 0)
    }

    private func mutated(_ random: inout SplitMix) -> [UInt8] {
        var bytes = Array(Self.seeds[Int(random.next() % UInt64(Self.seeds.count))].utf8)
        for _ in 0..<random.next() % 4 {
            let at = Int(random.next() % UInt64(bytes.count))
            let pool = Array(#"[]{},:"\u0019eE+-. tfn/"#.utf8)
            switch random.next() % 6 {
            case 0: bytes.remove(at: at)
            case 1: bytes.insert(pool[Int(random.next() % UInt64(pool.count))], at: at)
            case 2: bytes[at] = UInt8(truncatingIfNeeded: random.next())
            case 3: bytes = Array(bytes[..<at])
            case 4: bytes.insert(contentsOf: bytes[at...], at: at)
            default: bytes[at] = pool[Int(random.next() % UInt64(pool.count))]
            }
            if bytes.isEmpty { return bytes }
        }
        return bytes
    }

    /// What is wrong with how `document` is read; nil when nothing is.
    private func disagreement(_ document: [UInt8]) -> String? {
        let arena = Arena()
        defer { arena.destroy() }
        let friendly = try? JSONValue.parse(document)
        guard let value = try? document.withUnsafeBytes({ try ValueReader.read($0, in: arena) }) else {
            return friendly == nil ? nil : "only the friendly parser reads"
        }
        guard let friendly else { return "only the arena's parser reads" }
        guard let text = written(value) else { return "cannot write" }
        guard let again = try? text.withUnsafeBytes({ try ValueReader.read($0, in: arena) }) else {
            return "cannot read what was written"
        }
        guard written(again) == text else { return "writes differently the second time" }
        // Lone surrogates are the one thing that Swift's strings cannot hold.
        let hasSurrogate = String(decoding: text, as: UTF8.self).contains(#"\ud"#)
        return hasSurrogate || (try? value.jsonValue()) == friendly ? nil : "the parsers read different values"
    }

    private func written(_ value: Value) -> [UInt8]? {
        var writer = ValueWriter(sink: ByteSink(capacity: 16))
        defer { writer.sink.destroy() }
        guard (try? writer.write(value)) != nil else { return nil }
        return Array(writer.sink.bytes)
    }
}

/// A small generator of random numbers that repeats from its seed.
struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
