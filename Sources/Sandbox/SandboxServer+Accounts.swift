public import JSON

/// What a gateway needs to connect an account to a sandbox.
public struct SandboxAccount: Sendable {
    /// The integration's name in a catalog.
    public var integration: String
    public var authenticationMethod: String
    /// Credentials and settings, by the fields of the integration.
    public var context: JSONObject
    /// Over the integration in an account and in an environment: its hosts are the sandbox, and what the file adds.
    public var override: JSONObject
}

extension SandboxServer {
    /// Accounts by their authentication methods, the usual one first.
    ///
    /// - Parameter integration: the vendor's `integration.yaml`.
    public func accounts(_ integration: JSONValue) -> [SandboxAccount] {
        engine.access { machine in
            machine.plan.accounts.map { account($0, integration, machine) }
        }
    }

    /// The usual account with credentials that may only read, or that nobody knows; nil where the file has none.
    public func account(_ kind: LimitedAccount, _ integration: JSONValue) -> SandboxAccount? {
        engine.access { machine in
            let spec = kind == .readOnly ? machine.plan.readOnly : machine.plan.wrong
            return spec.map { account($0, integration, machine) }
        }
    }

    public enum LimitedAccount: Sendable { case readOnly, wrong }

    /// The id of a seeded record that takes files: `candidate`, `application`, `job`.
    public func target(_ name: String) -> String? { engine.access { $0.plan.targets[name] } }

    /// Whether `attache dev` prints a call to this vendor.
    public var isShowcase: Bool { engine.access(\.plan.isShowcase) }

    private func account(_ spec: AccountSpec, _ integration: JSONValue, _ machine: Machine) -> SandboxAccount {
        var context = spec.rawContext
        for (name, template) in spec.context where spec.rawContext[name]?.string != nil {
            context[name] = (try? machine.render(template, ["base": .string(baseURL)])).map { .string($0) }
        }
        if let token = spec.token { context["oauth"] = oauth(token, machine) }
        var override = HostWiring(base: baseURL, host: host, hosts: machine.plan.hosts).override(integration)
        if let own = spec.override {
            override = HostWiring.merged(.object(override), own.replacingBase(baseURL)).object ?? override
        }
        return SandboxAccount(
            integration: vendor, authenticationMethod: spec.method, context: context, override: override)
    }

    /// As an account keeps the tokens of a consent.
    private func oauth(_ token: AccountSpec.Token, _ machine: Machine) -> JSONValue {
        let now = machine.core.clock.now
        let issued = machine.oauth.issue(client: token.client, scopes: token.scopes, now: now)
        let seconds = machine.oauth.accessTokenLifetime
        var json: JSONObject = [
            "access_token": .string(issued.access), "token_type": "Bearer", "expires_in": .integer(seconds),
            "expires_at": .string(Timestamps.iso(now + seconds * 1000)),
            "scope": .string(issued.scopes.joined(separator: " ")),
        ]
        if let refresh = issued.refresh { json["refresh_token"] = .string(refresh) }
        return ["token": .object(json)]
    }
}

extension JSONValue {
    /// `{{$base}}` in texts becomes the address.
    fileprivate func replacingBase(_ base: String) -> JSONValue {
        switch self {
        case .string(let text): .string(text.replacing("{{$base}}", with: base))
        case .array(let items): .array(items.map { $0.replacingBase(base) })
        case .object(let object): .object(JSONObject(object.elements.map { ($0.key, $0.value.replacingBase(base)) }))
        default: self
        }
    }
}
