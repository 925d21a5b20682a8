# SPDX-License-Identifier: Apache-2.0
# Made from ontology/biennien.ttl by tools/generate_terms.py. Edit those, not this.
"""Names: every term of the ontology, and the prefixes that nobody needs to declare."""

from typing import Final

NAMESPACE: Final = "https://w3id.org/biennien/"

PREFIXES: Final = {
    "agency": "https://w3id.org/biennien/id/agency/",
    "bn": "https://w3id.org/biennien/ontology#",
    "claim": "https://w3id.org/biennien/claim/",
    "dcterms": "http://purl.org/dc/terms/",
    "doc": "https://w3id.org/biennien/id/document/",
    "eli": "http://data.europa.eu/eli/ontology#",
    "event": "https://w3id.org/biennien/id/event/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "graph": "https://w3id.org/biennien/graph/",
    "oa": "http://www.w3.org/ns/oa#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "passage": "https://w3id.org/biennien/passage/",
    "person": "https://w3id.org/biennien/id/person/",
    "place": "https://w3id.org/biennien/id/place/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "rico": "https://www.ica.org/standards/RiC/ontology#",
    "schema": "https://schema.org/",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "source": "https://w3id.org/biennien/source/",
    "topic": "https://w3id.org/biennien/id/topic/",
    "v": "https://w3id.org/biennien/vocabulary/",
    "void": "http://rdfs.org/ns/void#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


class BN:
    """https://w3id.org/biennien/ontology#"""

    Claim: Final = "https://w3id.org/biennien/ontology#Claim"
    ClaimSet: Final = "https://w3id.org/biennien/ontology#ClaimSet"
    Correction: Final = "https://w3id.org/biennien/ontology#Correction"
    Entry: Final = "https://w3id.org/biennien/ontology#Entry"
    NumberStatus: Final = "https://w3id.org/biennien/ontology#NumberStatus"
    Passage: Final = "https://w3id.org/biennien/ontology#Passage"
    Signature: Final = "https://w3id.org/biennien/ontology#Signature"
    anniversaryOrdinal: Final = "https://w3id.org/biennien/ontology#anniversaryOrdinal"
    archivedAt: Final = "https://w3id.org/biennien/ontology#archivedAt"
    attestedOn: Final = "https://w3id.org/biennien/ontology#attestedOn"
    basedOn: Final = "https://w3id.org/biennien/ontology#basedOn"
    blank: Final = "https://w3id.org/biennien/ontology#blank"
    certainty: Final = "https://w3id.org/biennien/ontology#certainty"
    chairedBy: Final = "https://w3id.org/biennien/ontology#chairedBy"
    codePointCount: Final = "https://w3id.org/biennien/ontology#codePointCount"
    commemorates: Final = "https://w3id.org/biennien/ontology#commemorates"
    complete: Final = "https://w3id.org/biennien/ontology#complete"
    correctedReading: Final = "https://w3id.org/biennien/ontology#correctedReading"
    earliest: Final = "https://w3id.org/biennien/ontology#earliest"
    endTime: Final = "https://w3id.org/biennien/ontology#endTime"
    evidence: Final = "https://w3id.org/biennien/ontology#evidence"
    excludedRange: Final = "https://w3id.org/biennien/ontology#excludedRange"
    foldedLabel: Final = "https://w3id.org/biennien/ontology#foldedLabel"
    format: Final = "https://w3id.org/biennien/ontology#format"
    hasCorrection: Final = "https://w3id.org/biennien/ontology#hasCorrection"
    held: Final = "https://w3id.org/biennien/ontology#held"
    inClaimSet: Final = "https://w3id.org/biennien/ontology#inClaimSet"
    inverseLabel: Final = "https://w3id.org/biennien/ontology#inverseLabel"
    journalDigest: Final = "https://w3id.org/biennien/ontology#journalDigest"
    journalPosition: Final = "https://w3id.org/biennien/ontology#journalPosition"
    latest: Final = "https://w3id.org/biennien/ontology#latest"
    leadAgency: Final = "https://w3id.org/biennien/ontology#leadAgency"
    maximum: Final = "https://w3id.org/biennien/ontology#maximum"
    maximumExclusive: Final = "https://w3id.org/biennien/ontology#maximumExclusive"
    minimum: Final = "https://w3id.org/biennien/ontology#minimum"
    minimumExclusive: Final = "https://w3id.org/biennien/ontology#minimumExclusive"
    modality: Final = "https://w3id.org/biennien/ontology#modality"
    notation: Final = "https://w3id.org/biennien/ontology#notation"
    numberStatus: Final = "https://w3id.org/biennien/ontology#numberStatus"
    onBehalfOf: Final = "https://w3id.org/biennien/ontology#onBehalfOf"
    ordinal: Final = "https://w3id.org/biennien/ontology#ordinal"
    purpose: Final = "https://w3id.org/biennien/ontology#purpose"
    reasoning: Final = "https://w3id.org/biennien/ontology#reasoning"
    serialNumber: Final = "https://w3id.org/biennien/ontology#serialNumber"
    sharesTextWith: Final = "https://w3id.org/biennien/ontology#sharesTextWith"
    signature: Final = "https://w3id.org/biennien/ontology#signature"
    signer: Final = "https://w3id.org/biennien/ontology#signer"
    signerPosition: Final = "https://w3id.org/biennien/ontology#signerPosition"
    signingAuthority: Final = "https://w3id.org/biennien/ontology#signingAuthority"
    slogan: Final = "https://w3id.org/biennien/ontology#slogan"
    sortKey: Final = "https://w3id.org/biennien/ontology#sortKey"
    sourceReading: Final = "https://w3id.org/biennien/ontology#sourceReading"
    standingAgency: Final = "https://w3id.org/biennien/ontology#standingAgency"
    startTime: Final = "https://w3id.org/biennien/ontology#startTime"
    textDifference: Final = "https://w3id.org/biennien/ontology#textDifference"


class DCTERMS:
    """http://purl.org/dc/terms/"""

    conformsTo: Final = "http://purl.org/dc/terms/conformsTo"
    description: Final = "http://purl.org/dc/terms/description"
    license: Final = "http://purl.org/dc/terms/license"
    modified: Final = "http://purl.org/dc/terms/modified"
    source: Final = "http://purl.org/dc/terms/source"
    title: Final = "http://purl.org/dc/terms/title"


class ELI:
    """http://data.europa.eu/eli/ontology#"""

    based_on: Final = "http://data.europa.eu/eli/ontology#based_on"
    cites: Final = "http://data.europa.eu/eli/ontology#cites"
    implements: Final = "http://data.europa.eu/eli/ontology#implements"


class FOAF:
    """http://xmlns.com/foaf/0.1/"""

    homepage: Final = "http://xmlns.com/foaf/0.1/homepage"
    primaryTopic: Final = "http://xmlns.com/foaf/0.1/primaryTopic"


class OA:
    """http://www.w3.org/ns/oa#"""

    SpecificResource: Final = "http://www.w3.org/ns/oa#SpecificResource"
    TextPositionSelector: Final = "http://www.w3.org/ns/oa#TextPositionSelector"
    TextQuoteSelector: Final = "http://www.w3.org/ns/oa#TextQuoteSelector"
    end: Final = "http://www.w3.org/ns/oa#end"
    exact: Final = "http://www.w3.org/ns/oa#exact"
    hasSelector: Final = "http://www.w3.org/ns/oa#hasSelector"
    hasSource: Final = "http://www.w3.org/ns/oa#hasSource"
    start: Final = "http://www.w3.org/ns/oa#start"


class OWL:
    """http://www.w3.org/2002/07/owl#"""

    AllDisjointClasses: Final = "http://www.w3.org/2002/07/owl#AllDisjointClasses"
    AnnotationProperty: Final = "http://www.w3.org/2002/07/owl#AnnotationProperty"
    Class: Final = "http://www.w3.org/2002/07/owl#Class"
    DatatypeProperty: Final = "http://www.w3.org/2002/07/owl#DatatypeProperty"
    NamedIndividual: Final = "http://www.w3.org/2002/07/owl#NamedIndividual"
    ObjectProperty: Final = "http://www.w3.org/2002/07/owl#ObjectProperty"
    Ontology: Final = "http://www.w3.org/2002/07/owl#Ontology"
    SymmetricProperty: Final = "http://www.w3.org/2002/07/owl#SymmetricProperty"
    TransitiveProperty: Final = "http://www.w3.org/2002/07/owl#TransitiveProperty"
    disjointWith: Final = "http://www.w3.org/2002/07/owl#disjointWith"
    equivalentClass: Final = "http://www.w3.org/2002/07/owl#equivalentClass"
    equivalentProperty: Final = "http://www.w3.org/2002/07/owl#equivalentProperty"
    inverseOf: Final = "http://www.w3.org/2002/07/owl#inverseOf"
    members: Final = "http://www.w3.org/2002/07/owl#members"
    oneOf: Final = "http://www.w3.org/2002/07/owl#oneOf"
    sameAs: Final = "http://www.w3.org/2002/07/owl#sameAs"
    unionOf: Final = "http://www.w3.org/2002/07/owl#unionOf"
    versionIRI: Final = "http://www.w3.org/2002/07/owl#versionIRI"
    versionInfo: Final = "http://www.w3.org/2002/07/owl#versionInfo"


class RDF:
    """http://www.w3.org/1999/02/22-rdf-syntax-ns#"""

    Property: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#Property"
    Statement: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#Statement"
    object: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#object"
    predicate: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#predicate"
    reifies: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#reifies"
    subject: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#subject"
    type: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


class RDFS:
    """http://www.w3.org/2000/01/rdf-schema#"""

    Class: Final = "http://www.w3.org/2000/01/rdf-schema#Class"
    domain: Final = "http://www.w3.org/2000/01/rdf-schema#domain"
    isDefinedBy: Final = "http://www.w3.org/2000/01/rdf-schema#isDefinedBy"
    label: Final = "http://www.w3.org/2000/01/rdf-schema#label"
    range: Final = "http://www.w3.org/2000/01/rdf-schema#range"
    subClassOf: Final = "http://www.w3.org/2000/01/rdf-schema#subClassOf"
    subPropertyOf: Final = "http://www.w3.org/2000/01/rdf-schema#subPropertyOf"


class RICO:
    """https://www.ica.org/standards/RiC/ontology#"""

    Activity: Final = "https://www.ica.org/standards/RiC/ontology#Activity"
    ActivityType: Final = "https://www.ica.org/standards/RiC/ontology#ActivityType"
    Agent: Final = "https://www.ica.org/standards/RiC/ontology#Agent"
    Concept: Final = "https://www.ica.org/standards/RiC/ontology#Concept"
    CorporateBody: Final = "https://www.ica.org/standards/RiC/ontology#CorporateBody"
    CorporateBodyType: Final = "https://www.ica.org/standards/RiC/ontology#CorporateBodyType"
    Date: Final = "https://www.ica.org/standards/RiC/ontology#Date"
    DocumentaryFormType: Final = "https://www.ica.org/standards/RiC/ontology#DocumentaryFormType"
    Event: Final = "https://www.ica.org/standards/RiC/ontology#Event"
    EventType: Final = "https://www.ica.org/standards/RiC/ontology#EventType"
    Extent: Final = "https://www.ica.org/standards/RiC/ontology#Extent"
    ExtentType: Final = "https://www.ica.org/standards/RiC/ontology#ExtentType"
    Group: Final = "https://www.ica.org/standards/RiC/ontology#Group"
    Identifier: Final = "https://www.ica.org/standards/RiC/ontology#Identifier"
    Instantiation: Final = "https://www.ica.org/standards/RiC/ontology#Instantiation"
    MembershipRelation: Final = "https://www.ica.org/standards/RiC/ontology#MembershipRelation"
    Person: Final = "https://www.ica.org/standards/RiC/ontology#Person"
    Place: Final = "https://www.ica.org/standards/RiC/ontology#Place"
    PlaceType: Final = "https://www.ica.org/standards/RiC/ontology#PlaceType"
    Position: Final = "https://www.ica.org/standards/RiC/ontology#Position"
    PositionHoldingRelation: Final = "https://www.ica.org/standards/RiC/ontology#PositionHoldingRelation"
    Record: Final = "https://www.ica.org/standards/RiC/ontology#Record"
    RecordPart: Final = "https://www.ica.org/standards/RiC/ontology#RecordPart"
    RecordResource: Final = "https://www.ica.org/standards/RiC/ontology#RecordResource"
    RecordSet: Final = "https://www.ica.org/standards/RiC/ontology#RecordSet"
    Relation: Final = "https://www.ica.org/standards/RiC/ontology#Relation"
    Rule: Final = "https://www.ica.org/standards/RiC/ontology#Rule"
    Thing: Final = "https://www.ica.org/standards/RiC/ontology#Thing"
    Type: Final = "https://www.ica.org/standards/RiC/ontology#Type"
    UnitOfMeasurement: Final = "https://www.ica.org/standards/RiC/ontology#UnitOfMeasurement"
    affectsOrAffected: Final = "https://www.ica.org/standards/RiC/ontology#affectsOrAffected"
    containsOrContained: Final = "https://www.ica.org/standards/RiC/ontology#containsOrContained"
    containsTransitive: Final = "https://www.ica.org/standards/RiC/ontology#containsTransitive"
    existsOrExistedIn: Final = "https://www.ica.org/standards/RiC/ontology#existsOrExistedIn"
    expressedDate: Final = "https://www.ica.org/standards/RiC/ontology#expressedDate"
    followsInTime: Final = "https://www.ica.org/standards/RiC/ontology#followsInTime"
    generalDescription: Final = "https://www.ica.org/standards/RiC/ontology#generalDescription"
    hasActivityType: Final = "https://www.ica.org/standards/RiC/ontology#hasActivityType"
    hasAddressee: Final = "https://www.ica.org/standards/RiC/ontology#hasAddressee"
    hasAuthor: Final = "https://www.ica.org/standards/RiC/ontology#hasAuthor"
    hasBeginningDate: Final = "https://www.ica.org/standards/RiC/ontology#hasBeginningDate"
    hasConstituentTransitive: Final = "https://www.ica.org/standards/RiC/ontology#hasConstituentTransitive"
    hasCreationDate: Final = "https://www.ica.org/standards/RiC/ontology#hasCreationDate"
    hasCreator: Final = "https://www.ica.org/standards/RiC/ontology#hasCreator"
    hasDocumentaryFormType: Final = "https://www.ica.org/standards/RiC/ontology#hasDocumentaryFormType"
    hasEndDate: Final = "https://www.ica.org/standards/RiC/ontology#hasEndDate"
    hasEventType: Final = "https://www.ica.org/standards/RiC/ontology#hasEventType"
    hasExtent: Final = "https://www.ica.org/standards/RiC/ontology#hasExtent"
    hasExtentType: Final = "https://www.ica.org/standards/RiC/ontology#hasExtentType"
    hasOrHadAllMembersWithDocumentaryFormType: Final = "https://www.ica.org/standards/RiC/ontology#hasOrHadAllMembersWithDocumentaryFormType"
    hasOrHadConstituent: Final = "https://www.ica.org/standards/RiC/ontology#hasOrHadConstituent"
    hasOrHadCorporateBodyType: Final = "https://www.ica.org/standards/RiC/ontology#hasOrHadCorporateBodyType"
    hasOrHadHolder: Final = "https://www.ica.org/standards/RiC/ontology#hasOrHadHolder"
    hasOrHadIdentifier: Final = "https://www.ica.org/standards/RiC/ontology#hasOrHadIdentifier"
    hasOrHadInstantiation: Final = "https://www.ica.org/standards/RiC/ontology#hasOrHadInstantiation"
    hasOrHadJurisdiction: Final = "https://www.ica.org/standards/RiC/ontology#hasOrHadJurisdiction"
    hasOrHadLocation: Final = "https://www.ica.org/standards/RiC/ontology#hasOrHadLocation"
    hasOrHadMainSubject: Final = "https://www.ica.org/standards/RiC/ontology#hasOrHadMainSubject"
    hasOrHadMember: Final = "https://www.ica.org/standards/RiC/ontology#hasOrHadMember"
    hasOrHadPart: Final = "https://www.ica.org/standards/RiC/ontology#hasOrHadPart"
    hasOrHadParticipant: Final = "https://www.ica.org/standards/RiC/ontology#hasOrHadParticipant"
    hasOrHadPlaceType: Final = "https://www.ica.org/standards/RiC/ontology#hasOrHadPlaceType"
    hasOrHadPosition: Final = "https://www.ica.org/standards/RiC/ontology#hasOrHadPosition"
    hasOrHadSubdivision: Final = "https://www.ica.org/standards/RiC/ontology#hasOrHadSubdivision"
    hasOrHadSubevent: Final = "https://www.ica.org/standards/RiC/ontology#hasOrHadSubevent"
    hasOrHadSubject: Final = "https://www.ica.org/standards/RiC/ontology#hasOrHadSubject"
    hasOrHadSubordinate: Final = "https://www.ica.org/standards/RiC/ontology#hasOrHadSubordinate"
    hasOrHadType: Final = "https://www.ica.org/standards/RiC/ontology#hasOrHadType"
    hasPublicationDate: Final = "https://www.ica.org/standards/RiC/ontology#hasPublicationDate"
    hasPublisher: Final = "https://www.ica.org/standards/RiC/ontology#hasPublisher"
    hasReceiver: Final = "https://www.ica.org/standards/RiC/ontology#hasReceiver"
    hasSubdivisionTransitive: Final = "https://www.ica.org/standards/RiC/ontology#hasSubdivisionTransitive"
    hasSubeventTransitive: Final = "https://www.ica.org/standards/RiC/ontology#hasSubeventTransitive"
    hasSubordinateTransitive: Final = "https://www.ica.org/standards/RiC/ontology#hasSubordinateTransitive"
    hasSuccessor: Final = "https://www.ica.org/standards/RiC/ontology#hasSuccessor"
    hasUnitOfMeasurement: Final = "https://www.ica.org/standards/RiC/ontology#hasUnitOfMeasurement"
    isAddresseeOf: Final = "https://www.ica.org/standards/RiC/ontology#isAddresseeOf"
    isAgentAssociatedWithAgent: Final = "https://www.ica.org/standards/RiC/ontology#isAgentAssociatedWithAgent"
    isAgentAssociatedWithPlace: Final = "https://www.ica.org/standards/RiC/ontology#isAgentAssociatedWithPlace"
    isAssociatedWithDate: Final = "https://www.ica.org/standards/RiC/ontology#isAssociatedWithDate"
    isAssociatedWithEvent: Final = "https://www.ica.org/standards/RiC/ontology#isAssociatedWithEvent"
    isAssociatedWithPlace: Final = "https://www.ica.org/standards/RiC/ontology#isAssociatedWithPlace"
    isAuthorOf: Final = "https://www.ica.org/standards/RiC/ontology#isAuthorOf"
    isConstituentOfTransitive: Final = "https://www.ica.org/standards/RiC/ontology#isConstituentOfTransitive"
    isContainedByTransitive: Final = "https://www.ica.org/standards/RiC/ontology#isContainedByTransitive"
    isDateOfOccurrenceOf: Final = "https://www.ica.org/standards/RiC/ontology#isDateOfOccurrenceOf"
    isEventAssociatedWith: Final = "https://www.ica.org/standards/RiC/ontology#isEventAssociatedWith"
    isOrWasConstituentOf: Final = "https://www.ica.org/standards/RiC/ontology#isOrWasConstituentOf"
    isOrWasContainedBy: Final = "https://www.ica.org/standards/RiC/ontology#isOrWasContainedBy"
    isOrWasIdentifierOf: Final = "https://www.ica.org/standards/RiC/ontology#isOrWasIdentifierOf"
    isOrWasInstantiationOf: Final = "https://www.ica.org/standards/RiC/ontology#isOrWasInstantiationOf"
    isOrWasJurisdictionOf: Final = "https://www.ica.org/standards/RiC/ontology#isOrWasJurisdictionOf"
    isOrWasLocationOf: Final = "https://www.ica.org/standards/RiC/ontology#isOrWasLocationOf"
    isOrWasMemberOf: Final = "https://www.ica.org/standards/RiC/ontology#isOrWasMemberOf"
    isOrWasOccupiedBy: Final = "https://www.ica.org/standards/RiC/ontology#isOrWasOccupiedBy"
    isOrWasPartOf: Final = "https://www.ica.org/standards/RiC/ontology#isOrWasPartOf"
    isOrWasParticipantIn: Final = "https://www.ica.org/standards/RiC/ontology#isOrWasParticipantIn"
    isOrWasPerformedBy: Final = "https://www.ica.org/standards/RiC/ontology#isOrWasPerformedBy"
    isOrWasSubdivisionOf: Final = "https://www.ica.org/standards/RiC/ontology#isOrWasSubdivisionOf"
    isOrWasSubeventOf: Final = "https://www.ica.org/standards/RiC/ontology#isOrWasSubeventOf"
    isOrWasSubjectOf: Final = "https://www.ica.org/standards/RiC/ontology#isOrWasSubjectOf"
    isOrWasSubordinateTo: Final = "https://www.ica.org/standards/RiC/ontology#isOrWasSubordinateTo"
    isOrWasUnderAuthorityOf: Final = "https://www.ica.org/standards/RiC/ontology#isOrWasUnderAuthorityOf"
    isPlaceAssociatedWith: Final = "https://www.ica.org/standards/RiC/ontology#isPlaceAssociatedWith"
    isPlaceAssociatedWithAgent: Final = "https://www.ica.org/standards/RiC/ontology#isPlaceAssociatedWithAgent"
    isReceiverOf: Final = "https://www.ica.org/standards/RiC/ontology#isReceiverOf"
    isRecordResourceAssociatedWithRecordResource: Final = "https://www.ica.org/standards/RiC/ontology#isRecordResourceAssociatedWithRecordResource"
    isRelatedTo: Final = "https://www.ica.org/standards/RiC/ontology#isRelatedTo"
    isSubdivisionOfTransitive: Final = "https://www.ica.org/standards/RiC/ontology#isSubdivisionOfTransitive"
    isSubeventOfTransitive: Final = "https://www.ica.org/standards/RiC/ontology#isSubeventOfTransitive"
    isSubordinateToTransitive: Final = "https://www.ica.org/standards/RiC/ontology#isSubordinateToTransitive"
    isSuccessorOf: Final = "https://www.ica.org/standards/RiC/ontology#isSuccessorOf"
    issuedBy: Final = "https://www.ica.org/standards/RiC/ontology#issuedBy"
    normalizedDateValue: Final = "https://www.ica.org/standards/RiC/ontology#normalizedDateValue"
    note: Final = "https://www.ica.org/standards/RiC/ontology#note"
    occupiesOrOccupied: Final = "https://www.ica.org/standards/RiC/ontology#occupiesOrOccupied"
    occurredAtDate: Final = "https://www.ica.org/standards/RiC/ontology#occurredAtDate"
    performsOrPerformed: Final = "https://www.ica.org/standards/RiC/ontology#performsOrPerformed"
    precedesInTime: Final = "https://www.ica.org/standards/RiC/ontology#precedesInTime"
    relationHasSource: Final = "https://www.ica.org/standards/RiC/ontology#relationHasSource"
    relationHasTarget: Final = "https://www.ica.org/standards/RiC/ontology#relationHasTarget"
    resultsOrResultedFrom: Final = "https://www.ica.org/standards/RiC/ontology#resultsOrResultedFrom"
    resultsOrResultedIn: Final = "https://www.ica.org/standards/RiC/ontology#resultsOrResultedIn"
    scopeAndContent: Final = "https://www.ica.org/standards/RiC/ontology#scopeAndContent"
    textualValue: Final = "https://www.ica.org/standards/RiC/ontology#textualValue"
    title: Final = "https://www.ica.org/standards/RiC/ontology#title"


class SCHEMA:
    """https://schema.org/"""

    locationCreated: Final = "https://schema.org/locationCreated"
    sha256: Final = "https://schema.org/sha256"
    url: Final = "https://schema.org/url"


class SH:
    """http://www.w3.org/ns/shacl#"""

    Info: Final = "http://www.w3.org/ns/shacl#Info"
    ValidationResult: Final = "http://www.w3.org/ns/shacl#ValidationResult"
    Violation: Final = "http://www.w3.org/ns/shacl#Violation"
    Warning: Final = "http://www.w3.org/ns/shacl#Warning"
    construct: Final = "http://www.w3.org/ns/shacl#construct"
    datatype: Final = "http://www.w3.org/ns/shacl#datatype"
    focusNode: Final = "http://www.w3.org/ns/shacl#focusNode"
    message: Final = "http://www.w3.org/ns/shacl#message"
    namespace: Final = "http://www.w3.org/ns/shacl#namespace"
    path: Final = "http://www.w3.org/ns/shacl#path"
    prefix: Final = "http://www.w3.org/ns/shacl#prefix"
    resultMessage: Final = "http://www.w3.org/ns/shacl#resultMessage"
    resultPath: Final = "http://www.w3.org/ns/shacl#resultPath"
    resultSeverity: Final = "http://www.w3.org/ns/shacl#resultSeverity"
    sourceConstraintComponent: Final = "http://www.w3.org/ns/shacl#sourceConstraintComponent"
    sourceShape: Final = "http://www.w3.org/ns/shacl#sourceShape"
    value: Final = "http://www.w3.org/ns/shacl#value"


class SKOS:
    """http://www.w3.org/2004/02/skos/core#"""

    Concept: Final = "http://www.w3.org/2004/02/skos/core#Concept"
    ConceptScheme: Final = "http://www.w3.org/2004/02/skos/core#ConceptScheme"
    altLabel: Final = "http://www.w3.org/2004/02/skos/core#altLabel"
    broader: Final = "http://www.w3.org/2004/02/skos/core#broader"
    broaderTransitive: Final = "http://www.w3.org/2004/02/skos/core#broaderTransitive"
    definition: Final = "http://www.w3.org/2004/02/skos/core#definition"
    editorialNote: Final = "http://www.w3.org/2004/02/skos/core#editorialNote"
    exactMatch: Final = "http://www.w3.org/2004/02/skos/core#exactMatch"
    example: Final = "http://www.w3.org/2004/02/skos/core#example"
    hasTopConcept: Final = "http://www.w3.org/2004/02/skos/core#hasTopConcept"
    inScheme: Final = "http://www.w3.org/2004/02/skos/core#inScheme"
    narrower: Final = "http://www.w3.org/2004/02/skos/core#narrower"
    notation: Final = "http://www.w3.org/2004/02/skos/core#notation"
    prefLabel: Final = "http://www.w3.org/2004/02/skos/core#prefLabel"
    scopeNote: Final = "http://www.w3.org/2004/02/skos/core#scopeNote"
    topConceptOf: Final = "http://www.w3.org/2004/02/skos/core#topConceptOf"


class VOID:
    """http://rdfs.org/ns/void#"""

    Dataset: Final = "http://rdfs.org/ns/void#Dataset"


class XSD:
    """http://www.w3.org/2001/XMLSchema#"""

    boolean: Final = "http://www.w3.org/2001/XMLSchema#boolean"
    date: Final = "http://www.w3.org/2001/XMLSchema#date"
    dateTime: Final = "http://www.w3.org/2001/XMLSchema#dateTime"
    decimal: Final = "http://www.w3.org/2001/XMLSchema#decimal"
    integer: Final = "http://www.w3.org/2001/XMLSchema#integer"
    string: Final = "http://www.w3.org/2001/XMLSchema#string"
