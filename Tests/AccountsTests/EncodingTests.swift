import Foundation
import Testing

@testable import Accounts

@Suite struct EncodingTests {
    @Test(arguments: 0..<70) func `base64 agrees with Foundation at every length`(length: Int) {
        let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 151 &+ length) }
        let standard = Data(bytes).base64EncodedString()
        let urlSafe = standard.replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
            .replacingOccurrences(of: "=", with: "")
        #expect(Base64URL.text(bytes) == urlSafe)
        #expect(Base64URL.bytes(urlSafe) == bytes)
        #expect(Base64URL.bytes(standard) == bytes)
        #expect(Hex.bytes(Hex.text(bytes)) == bytes)
    }

    @Test(arguments: ["A", "AAAAA", "A B=", "Zh", "Zm9=", "é===", "A=AA"])
    func `what is no base64 is refused`(text: String) { #expect(Base64URL.bytes(text) == nil) }

    @Test(arguments: ["0", "0g", "a b", "é0"])
    func `what is no hexadecimal is refused`(text: String) { #expect(Hex.bytes(text) == nil) }

    @Test func `an id is a random UUID of version 4`() {
        let pattern = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/
        let ids = (0..<100).map { _ in Effects.live.uuid() }
        #expect(Set(ids).count == 100)
        #expect(ids.allSatisfy { $0.wholeMatch(of: pattern) != nil })
    }
}
