package app

import "psc/internal/store"

// Page asks for one page of a list.
type Page = store.Page

// Cursor is a place in a list.
type Cursor = store.Cursor

// List is one page of a list, and whether there is more on either side of it.
type List[T any] = store.List[T]

// Event is an entry of a console's audit trail.
type Event = store.Event

// EventSide says who did it, as the console of the trail sees it.
type EventSide = store.EventSide

// SideOwn marks what the console's own people did.
const SideOwn = store.SideOwn

// CountLimit is where counting for a page stops.
const CountLimit = store.CountLimit

// PageSizes are how many rows a page of a list may have, and PageSize how many it has if nobody asks otherwise.
var PageSizes = []int{25, 50, 100, 200}

// PageSize is the usual length of a page.
const PageSize = 50

// Scope is a choice of rows of a list: these IDs, or all that match a search.
type Scope = store.Scope

// Choices say which account of the main each subscription gets.
type Choices = store.Choices

// GroupChoice is the account for all subscriptions of a group that have none of their own.
type GroupChoice = store.GroupChoice

// MissingAccount is what a main lacks for customers of its source.
type MissingAccount = store.MissingAccount

// ChoiceGroup is the subscriptions for which one account is chosen.
type ChoiceGroup = store.ChoiceGroup

// ChoiceRow is one subscription for which an account is chosen.
type ChoiceRow = store.ChoiceRow

// Operation is long work with progress.
type Operation = store.Operation

// OperationState of an operation.
type OperationState = store.OperationState

// OperationReturn is a customer that a run could not move.
type OperationReturn = store.OperationReturn

// NotStarted is a customer that was asked for and not started.
type NotStarted = store.NotStarted

// The states of a run.
const (
	RunRunning = store.OperationRunning
	RunPaused  = store.OperationPaused
	RunDone    = store.OperationDone
	RunFailed  = store.OperationFailed
)
