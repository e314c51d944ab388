from openprotect.places.actions.importing import Imported, ImportUnderWay, import_places

__all__ = ["ImportUnderWay", "Imported", "import_places"]
