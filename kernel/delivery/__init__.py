"""How an app's release gets here and stays: :class:`kernel.delivery.Delivery`. On the way to the first paint."""

from kernel.delivery.delivery import AppEntry as AppEntry
from kernel.delivery.delivery import Delivery as Delivery
from kernel.delivery.delivery import Opened as Opened
from kernel.delivery.error import DeliveryError as DeliveryError
from kernel.delivery.path import check_manifest as check_manifest
