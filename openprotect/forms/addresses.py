"""The addresses of the extensions that are read, and of those that may be there without effect."""

from typing import Final

HL7: Final = "http://hl7.org/fhir/StructureDefinition/"
SDC: Final = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-"
OWN: Final = "https://openprotect.example/fhir/StructureDefinition/"

HELP: Final = OWN + "help"
CALLER_WORDING: Final = OWN + "caller-wording"
EMERGENCY: Final = OWN + "emergency"

HIDDEN: Final = HL7 + "questionnaire-hidden"
CONTROL: Final = HL7 + "questionnaire-itemControl"
MIN_VALUE: Final = HL7 + "minValue"
MAX_VALUE: Final = HL7 + "maxValue"
MIN_QUANTITY: Final = SDC + "minQuantity"
MAX_QUANTITY: Final = SDC + "maxQuantity"
MIN_LENGTH: Final = HL7 + "minLength"
MAX_PLACES: Final = HL7 + "maxDecimalPlaces"
MIN_OCCURS: Final = HL7 + "questionnaire-minOccurs"
MAX_OCCURS: Final = HL7 + "questionnaire-maxOccurs"
MAX_SIZE: Final = HL7 + "maxSize"
MEDIA: Final = HL7 + "mimeType"
TARGETS: Final = (HL7 + "questionnaire-referenceResource", HL7 + "questionnaire-resource")
REGEX: Final = HL7 + "regex"
FORMAT: Final = HL7 + "entryFormat"
UNIT: Final = HL7 + "questionnaire-unit"
UNIT_OPTION: Final = HL7 + "questionnaire-unitOption"
UNIT_LIST: Final = HL7 + "questionnaire-unitValueSet"
OPTION_PREFIX: Final = HL7 + "questionnaire-optionPrefix"
EXCLUSIVE: Final = HL7 + "questionnaire-optionExclusive"
SCORES: Final = (
    HL7 + "ordinalValue",
    HL7 + "itemWeight",
    HL7 + "questionnaire-ordinalValue",
    HL7 + "iso21090-CO-value",
)
OPEN_LABEL: Final = SDC + "openLabel"
SUPPORT_TEXT: Final = HL7 + "questionnaire-supportLink"

ENABLE: Final = (SDC + "enableWhenExpression", HL7 + "questionnaire-enableWhenExpression")
CALCULATED: Final = (SDC + "calculatedExpression", HL7 + "questionnaire-calculatedExpression")
INITIAL: Final = (SDC + "initialExpression", HL7 + "questionnaire-initialExpression")
ANSWERS: Final = (SDC + "answerExpression", HL7 + "questionnaire-answerExpression")
VARIABLE: Final = (HL7 + "variable",)
CQF: Final = (HL7 + "cqf-expression", HL7 + "cqf-calculatedValue")
CONSTRAINT: Final = (HL7 + "questionnaire-constraint", HL7 + "targetConstraint")

READ_OF_ITEMS: Final = frozenset(
    (
        *(HELP, CALLER_WORDING, EMERGENCY, HIDDEN, CONTROL, MIN_VALUE, MAX_VALUE, MIN_QUANTITY),
        *(MAX_QUANTITY, MIN_LENGTH, MAX_PLACES, MIN_OCCURS, MAX_OCCURS, MAX_SIZE, MEDIA, REGEX),
        *(FORMAT, UNIT, UNIT_OPTION, UNIT_LIST, OPEN_LABEL, *TARGETS, *SCORES),
        *(*ENABLE, *CALCULATED, *INITIAL, *ANSWERS, *VARIABLE, *CQF, *CONSTRAINT),
    )
)
READ_OF_FORMS: Final = frozenset((EMERGENCY, *VARIABLE, *CONSTRAINT))
# What is drawn plainly here, in the words that say so.
DRAWN_PLAINLY: Final = {
    HL7 + "questionnaire-choiceOrientation": "answers stand below each other",
    HL7 + "questionnaire-sliderStepValue": "a number is typed, not slid to",
    HL7 + "questionnaire-displayCategory": "the category of the text is not drawn",
    HL7 + "rendering-style": "styles of the author's are not drawn",
    HL7 + "rendering-xhtml": "mark-up of the author's is not drawn; the plain words are",
    HL7 + "rendering-markdown": "mark-up of the author's is not drawn; the plain words are",
    HL7 + "rendering-styleSensitive": "styles of the author's are not drawn",
    HL7 + "questionnaire-supportLink": "links to further reading are not drawn",
    HL7 + "questionnaire-usageMode": "the item is shown while asking, whatever its usage mode",
    SDC + "choiceColumn": "columns of an answer's list are not drawn",
    SDC + "columnCount": "columns are not drawn",
    SDC + "width": "widths are not drawn",
    SDC + "collapsible": "nothing is folded away",
    SDC + "shortText": "the full text is shown, not the short one",
    SDC + "optionalDisplay": "the item is always shown",
    SDC + "itemMedia": "pictures and films are not shown",
    SDC + "itemAnswerMedia": "pictures and films are not shown",
    SDC + "keyboard": "the keyboard follows the type of the question",
    SDC + "preferredTerminologyServer": "no terminology server is asked",
    HL7 + "preferredTerminologyServer": "no terminology server is asked",
    HL7 + "terminology-server": "no terminology server is asked",
}
# What whoever uses the answers does before or after: it changes nothing in the asking.
NOT_DONE: Final = {
    "observationLinkPeriod": "earlier observations are not fetched into it",
    "observationExtract": "no Observation is made of the answer",
    "observation-extract": "no Observation is made of the answer",
    "templateExtract": "no resource is made from the template",
    "extractAllocateId": "no resource is made from the template",
    "definitionExtract": "no resource is made from the answers",
    "itemExtractionContext": "no resource is made from the answers",
    "itemPopulationContext": "nothing is looked up to fill it beforehand",
    "candidateExpression": "no answers are looked up to choose from",
    "contextExpression": "nothing is looked up to show beside it",
    "sourceQueries": "nothing is looked up to fill it beforehand",
    "StructureMap": "no structure map is run",
    "subQuestionnaire": "the form that it refers to is not put in its place",
    "assemble": "the form is not put together from its parts",
    "questionnaireAdaptive": "no next question is fetched from a server",
    "lookupQuestionnaire": "no other form is looked up",
    "isSubject": "the answer does not become the subject of the answers beneath",
    "answerOptionsToggleExpression": "answers are not switched on and off by a formula",
    "unitOpen": "only the units of the form can be chosen",
    "unitSupplementalSystem": "only the units of the form can be chosen",
    "referenceFilter": "what is referred to is not filtered",
    "referenceProfile": "what is referred to is not checked against a profile",
    "signatureRequired": "no signature is asked for",
    "entryMode": "every question can be answered in any order",
    "quantity-precision": "the precision of a quantity is not kept to",
    "answerRepeats": "whether answers repeat is read from the item alone",
    "itemWeight": "a weight of the item itself is not counted",
}
# Facts about the form for its keepers.
ABOUT_THE_FORM: Final = (
    "answerValueSetSource",
    "launchContext",
    "cqf-library",
    "cqf-",
    "cqm-",
    "cpg-",
    "artifact-",
    "designNote",
    "replaces",
    "endpoint",
    "performerType",
    "minimumVersion",
    "instance-name",
    "instance-description",
    "wg",
    "fmm",
    "standards-status",
    "knowledge",
    "largeValue",
    "codeOptions",
    "baseType",
    "fhirType",
    "optionRestriction",
    "ordinal",
    "questionnaire-instruction",
    "sourceStructureMap",
)
