"""Any FHIR R4 Questionnaire: read, walked, answered, scored and checked. Knows no framework.

A questionnaire that nobody here wrote is read leniently and honestly: each broken detail that was
let pass, and each feature that has no effect here, is said with its item.
"""
