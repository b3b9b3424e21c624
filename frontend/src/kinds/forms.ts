/** Each kind's form. A kind without one has nothing to set. */
import type { ComponentType } from 'react'
import { BranchIfForm } from './branch.if/Form'
import { BranchSplitForm } from './branch.split/Form'
import { ExitForm } from './exit/Form'
import type { FormProps } from './form'
import { SendEmailForm } from './send.email/Form'
import { TagForm } from './tag/Form'
import { TriggerEventForm } from './trigger.event/Form'
import { TriggerManualForm } from './trigger.manual/Form'
import { UpdateContactForm } from './update.contact/Form'
import { WaitEventForm } from './wait.event/Form'
import { WaitForForm } from './wait.for/Form'

export const FORMS: Readonly<Record<string, ComponentType<FormProps>>> = {
  'trigger.event': TriggerEventForm,
  'trigger.manual': TriggerManualForm,
  'wait.for': WaitForForm,
  'wait.event': WaitEventForm,
  'branch.if': BranchIfForm,
  'branch.split': BranchSplitForm,
  'send.email': SendEmailForm,
  'update.contact': UpdateContactForm,
  tag: TagForm,
  exit: ExitForm,
}
