"""Pages of records for benchmarks, and an account whose lists a sink answers with one of them."""
import json, random


def page(count):
    """Records of about 2 kB, the same each time."""
    chance = random.Random(7)
    def identifier():
        h = "%032x" % chance.getrandbits(128)
        return f"{h[:8]}-{h[8:12]}-{h[12:16]}-{h[16:20]}-{h[20:]}"
    def moment():
        return chance.randrange(1_600_000_000_000, 1_700_000_000_000)
    stages = ["lead-new", "lead-reached-out", "lead-responded", "applicant-new", "offer"]
    cities = ["Berlin, Germany", "São Paulo, Brazil", "Kraków, Poland", "Oslo, Norway", ""]
    records = []
    for _ in range(count):
        own = identifier()
        name = chance.choice(["Linus", "Chloé", "Ada", "Grace"]) + " " + chance.choice(["Trần", "García", "Novak", "Olsen"])
        records.append({
            "id": own, "name": name, "headline": "Wayne, Globex", "contact": identifier(),
            "emails": [f"{name.split()[0]}{chance.randrange(99)}@Example.com" for _ in range(2)],
            "phones": [{"type": "mobile", "value": f"+44 870 {chance.randrange(100, 999)} 2783"}],
            "confidentiality": chance.choice(["confidential", "non-confidential"]), "location": chance.choice(cities),
            "links": [f"https://example.com/portfolio/{own[:6]}", f"https://GitHub.com/{own[:5]}"],
            "archived": {"archivedAt": moment()} if chance.random() < 0.2 else None, "createdAt": moment(),
            "updatedAt": moment(), "lastInteractionAt": moment(), "lastAdvancedAt": moment(), "snoozedUntil": None,
            "stage": chance.choice(stages),
            "stageChanges": [
                {"toStageId": s, "toStageIndex": n, "updatedAt": moment(), "userId": identifier()} for n, s in enumerate(stages[:3])],
            "owner": {"id": identifier(), "name": "Ken Borg", "email": "ken.borg73@corp.example.com"},
            "tags": ["Engineer", "Sales", "Account Executive", "Contract"], "sources": ["GitHub", "Career Site"],
            "origin": "sourced", "sourcedBy": identifier(),
            "applications": [{
                "id": identifier(), "type": "posting", "candidateId": own, "posting": identifier(),
                "postingHiringManager": identifier(), "postingOwner": identifier(), "name": name, "company": "Umbrella",
                "email": "someone@example.org", "phone": {"type": "mobile", "value": "+44 870 918 2783"},
                "createdAt": moment(), "archived": None, "requisitionForHire": None}],
            "followers": [identifier()],
            "urls": {"list": "https://hire.example/candidates", "show": f"https://hire.example/candidates/{own}"},
            "isAnonymized": False, "dataProtection": None, "opportunityLocation": "Oslo, Norway"})
    return json.dumps({"data": records, "hasNext": False}, separators=(",", ":"), ensure_ascii=False).encode()


def account(gateway, sink):
    return gateway.ask("POST", "/integrated-account", {
        "tenant_id": "bench", "integration": "pages", "authentication_method": "api_key", "context": {"api_key": "a-key-of-the-benchmark"},
        "integration_override": {"base_url": f"http://127.0.0.1:{sink}"}})["id"]
