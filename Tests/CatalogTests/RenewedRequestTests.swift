import Catalog
import HTTPTypes
import JSON
import Testing

@Suite struct RenewedRequestTests {
    private static let vendor = """
        \(`The course of a call`.vendor)
        authorization: {format: bearer, config: {token: "{{token}}"}}
        """

    @Test func `a step and a call are the same with new credentials, and what follows has them`() throws {
        let plan = try Sample.plan("create", integration: Self.vendor, mapping: `The course of a call`.mapping)
        var machine = CallMachine(plan, CallInput(body: ["name": "x"], context: ["token": "t0"]))
        let early = try machine.renewed(context: ["token": "t0"])
        #expect(early?.url == nil)
        var action = try machine.start()
        var sent: [String] = []
        var turn = 0
        while case .send(let old, _) = action {
            turn += 1
            let new = try #require(try machine.renewed(context: ["token": .string("t\(turn)")]))
            #expect(new.target == old.target)
            #expect(old.authorization.map(\.value) == ["Bearer t\(turn - 1)"])
            #expect(new.authorization.map(\.value) == ["Bearer t\(turn)"])
            sent.append(new.url)
            action = try machine.received(ProviderResponse(status: 200, json: ["ref": "r", "id": "i"]))
        }
        #expect(sent == ["https://a.test/notes/x", "https://a.test/files/r", "https://a.test/confirm/i"])
    }
}
