import Testing

@testable import Accounts

@Suite struct EffectsTests {
    @Test func `an id is a random UUID of version 4`() {
        let pattern = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/
        let ids = (0..<100).map { _ in Effects.live.uuid() }
        #expect(Set(ids).count == 100)
        #expect(ids.allSatisfy { $0.wholeMatch(of: pattern) != nil })
    }
}
