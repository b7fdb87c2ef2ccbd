package app_test

import (
	"context"
	"maps"
	"strings"
	"time"

	"psc/internal/app"
	"psc/internal/apptest"
	"psc/internal/billing"
	"psc/internal/catalog"
	"psc/internal/civil"
	"psc/internal/connection"
	"psc/internal/console"
	"psc/internal/customer"
	"psc/internal/store"
)

// everyAct makes every use case that leaves an event ready to succeed.
func everyAct() map[string]act {
	acts := map[string]act{}
	for _, part := range []map[string]act{connectionActs(), migrationActs(), customerActs(), operatorActs(), personActs(), caseActs(), accessActs(), webhookActs()} {
		maps.Copy(acts, part)
	}
	return acts
}

func connectionActs() map[string]act {
	invited := func(w *apptest.World) connection.Connection {
		c, err := w.InviteConsole(w.T.Context(), apptest.Admin(w.A), string(w.B.AccountID))
		w.Must(err)
		return c
	}
	return map[string]act{
		"InviteConsole": func(w *apptest.World) func() error {
			return func() error {
				_, err := w.InviteConsole(w.T.Context(), apptest.Admin(w.A), string(w.B.AccountID))
				return err
			}
		},
		"AcceptConnection": func(w *apptest.World) func() error {
			c := invited(w)
			return func() error {
				_, err := w.AcceptConnection(w.T.Context(), apptest.Admin(w.B), c.ID)
				return err
			}
		},
		"DeclineConnection": func(w *apptest.World) func() error {
			c := invited(w)
			return func() error { return w.DeclineConnection(w.T.Context(), apptest.Admin(w.B), c.ID) }
		},
		"CancelInvite": func(w *apptest.World) func() error {
			c := invited(w)
			return func() error { return w.CancelInvite(w.T.Context(), apptest.Admin(w.A), c.ID) }
		},
		"CloseConnection": func(w *apptest.World) func() error {
			c := w.Accept(w.A, w.B)
			return func() error { return w.CloseConnection(w.T.Context(), apptest.Admin(w.A), c.ID, false) }
		},
		"ShareOrders": func(w *apptest.World) func() error {
			c := w.Accept(w.A, w.B)
			return func() error { return w.ShareOrders(w.T.Context(), apptest.Admin(w.B), c.ID, true) }
		},
		"AskMain": func(w *apptest.World) func() error {
			c := w.Accept(w.A, w.B)
			ask := app.Ask{Code: "AGREEMENT_NOT_SIGNED", Currency: "JPY", Group: catalog.GoogleWorkspace}
			return func() error { return w.AskMain(w.T.Context(), apptest.Admin(w.B), c.ID, ask) }
		},
		"RunDue": func(w *apptest.World) func() error {
			invited(w)
			w.Clock.Advance(w.Clock.Ahead() + w.Config.Terms.InviteLife)
			return func() error { return w.RunDue(w.T.Context()) }
		},
		"AdvanceClock": func(w *apptest.World) func() error {
			return func() error {
				_, err := w.AdvanceClock(w.T.Context(), apptest.Operator(w.A), app.ClockDay)
				return err
			}
		},
	}
}

func migrationActs() map[string]act {
	started := func(w *apptest.World) connection.Connection {
		c, _ := connected(w, 2)
		w.Must(startAll(w.T.Context(), w, c)())
		return c
	}
	run := func(w *apptest.World) store.Operation {
		op, err := w.CompleteMigrations(w.T.Context(), apptest.Admin(w.A), completion(w, started(w).ID))
		w.Must(err)
		return op
	}
	choices := func(w *apptest.World) string {
		return "subscription_id,billing_account_id\n" + w.Texts(`SELECT id FROM subscriptions`)[0] + "," + apptest.Account(w.A, "JPY", "le_1") + "\n"
	}
	planned := func(w *apptest.World) (c connection.Connection, plan func() error) {
		c = started(w)
		return c, func() error {
			_, err := w.ScheduleMigrations(w.T.Context(), apptest.Admin(w.A), completion(w, c.ID), today(w)+1)
			return err
		}
	}
	return map[string]act{
		"ScheduleMigrations": func(w *apptest.World) func() error {
			_, plan := planned(w)
			return plan
		},
		"RescheduleMigrations": func(w *apptest.World) func() error {
			c, plan := planned(w)
			w.Must(plan())
			return func() error {
				_, err := w.RescheduleMigrations(w.T.Context(), apptest.Admin(w.A), c.ID, store.Scope{All: true}, today(w)+2)
				return err
			}
		},
		"WithdrawSchedules": func(w *apptest.World) func() error {
			c, plan := planned(w)
			w.Must(plan())
			return func() error {
				_, err := w.WithdrawSchedules(w.T.Context(), apptest.Admin(w.A), c.ID, store.Scope{All: true})
				return err
			}
		},
		"StartMigrations": func(w *apptest.World) func() error {
			c, _ := connected(w, 2)
			return startAll(w.T.Context(), w, c)
		},
		"CancelMigrations": func(w *apptest.World) func() error {
			c := started(w)
			return func() error {
				_, err := w.CancelMigrations(w.T.Context(), apptest.Admin(w.B), c.ID, store.Scope{All: true})
				return err
			}
		},
		"CompleteMigrations": func(w *apptest.World) func() error { return completeAll(w.T.Context(), w, started(w)) },
		"PauseRun": func(w *apptest.World) func() error {
			op := run(w)
			return func() error { return w.PauseRun(w.T.Context(), apptest.Admin(w.A), op.ID) }
		},
		"CancelOperation": func(w *apptest.World) func() error {
			op := run(w)
			return func() error { return w.CancelOperation(w.T.Context(), apptest.Admin(w.A), op.ID) }
		},
		"ResumeRun": func(w *apptest.World) func() error {
			op := run(w)
			w.Must(w.PauseRun(w.T.Context(), apptest.Admin(w.A), op.ID))
			return func() error { return w.ResumeRun(w.T.Context(), apptest.Admin(w.A), op.ID) }
		},
		"ImportChoices": func(w *apptest.World) func() error {
			c := started(w)
			return func() error {
				_, err := w.ImportChoices(w.T.Context(), apptest.Admin(w.A), c.ID, store.Scope{All: true}, strings.NewReader(choices(w)))
				return err
			}
		},
		"ClearChoices": func(w *apptest.World) func() error {
			c := started(w)
			_, err := w.ImportChoices(w.T.Context(), apptest.Admin(w.A), c.ID, store.Scope{All: true}, strings.NewReader(choices(w)))
			w.Must(err)
			return func() error { return w.ClearChoices(w.T.Context(), apptest.Admin(w.A), c.ID, store.Scope{All: true}) }
		},
	}
}

func customerActs() map[string]act {
	// of has one customer and does something with it.
	of := func(do func(w *apptest.World, admin console.Actor, id, sub string) error, change func(*customer.Customer, *customer.Subscription)) act {
		return func(w *apptest.World) func() error {
			id := w.AddCustomers(w.B, 1, func(_ int, c *customer.Customer, s *customer.Subscription) {
				if change != nil {
					change(c, s)
				}
			})[0]
			w.Update(func(tx *store.Tx) error {
				return tx.InsertOrders(w.T.Context(), []customer.Order{{
					ConsoleID: w.B.ID, ID: "ord_1", CustomerID: id, SubscriptionID: "sub_" + id[4:], At: apptest.Start,
					By: customer.ByReseller, Action: customer.OrderSeatsChanged, SKUID: apptest.Seats, Plan: catalog.Flexible,
					State: customer.OrderOpen,
				}})
			})
			return func() error { return do(w, apptest.Admin(w.B), id, "sub_"+id[4:]) }
		}
	}
	by := func(reason customer.SuspensionReason) func(*customer.Customer, *customer.Subscription) {
		return func(_ *customer.Customer, s *customer.Subscription) {
			s.State, s.SuspensionReason = customer.SubSuspended, reason
		}
	}
	return map[string]act{
		"CreateCustomer": plain(func(ctx context.Context, w *apptest.World, _ console.Actor) error {
			_, err := w.CreateCustomer(ctx, apptest.Admin(w.A), customer.Customer{Name: "New", Domain: "new.example"})
			return err
		}),
		"EditContact": of(func(w *apptest.World, admin console.Actor, id, _ string) error {
			return w.EditContact(w.T.Context(), admin, customer.Customer{ID: id, Name: "Another"}, "")
		}, nil),
		"ExportCustomers": of(func(w *apptest.World, admin console.Actor, _, _ string) error {
			return w.ExportCustomers(w.T.Context(), admin, &strings.Builder{})
		}, nil),
		"ExportCustomerList": of(func(w *apptest.World, admin console.Actor, _, _ string) error {
			return w.ExportCustomerList(w.T.Context(), admin, app.CustomerQuery{}, &strings.Builder{})
		}, nil),
		"RecordTOS": of(func(w *apptest.World, admin console.Actor, id, _ string) error {
			return w.RecordTOS(w.T.Context(), admin, id)
		}, func(c *customer.Customer, _ *customer.Subscription) { c.TOSAcceptedAt = noTime }),
		"DeleteCustomer": func(w *apptest.World) func() error {
			id := w.AddCustomers(w.B, 1, func(_ int, _ *customer.Customer, s *customer.Subscription) { s.State = customer.SubCancelled })[0]
			return func() error { return w.DeleteCustomer(w.T.Context(), apptest.Admin(w.B), id) }
		},
		"ProvisionIdentity": of(func(w *apptest.World, admin console.Actor, id, _ string) error {
			_, err := w.ProvisionIdentity(w.T.Context(), admin, app.Identity{CustomerID: id, Admin: "admin@new.example"})
			return err
		}, func(c *customer.Customer, _ *customer.Subscription) { c.Domain = "new.example" }),
		"ChangeSubscription": of(func(w *apptest.World, admin console.Actor, _, sub string) error {
			return w.ChangeSubscription(w.T.Context(), admin, sub, app.Change{Action: app.ChangeSeats, Seats: 12})
		}, nil),
		"Buy": func(w *apptest.World) func() error {
			withOffers(w)
			id := w.AddCustomers(w.B, 1, nil)[0]
			return func() error {
				_, err := w.Buy(w.T.Context(), apptest.Admin(w.B), app.Purchase{
					CustomerID: id, SKUID: apptest.Seats, Plan: catalog.Flexible, Seats: 1, AccountID: apptest.Account(w.B, "JPY", "le_1"),
				})
				return err
			}
		},
		"CreateTransferToken": of(func(w *apptest.World, admin console.Actor, id, _ string) error {
			_, _, err := w.CreateTransferToken(w.T.Context(), admin, id)
			return err
		}, nil),
		"RevokeTransferToken": func(w *apptest.World) func() error {
			id := w.AddCustomers(w.B, 1, nil)[0]
			_, _, err := w.CreateTransferToken(w.T.Context(), apptest.Admin(w.B), id)
			w.Must(err)
			_, list, err := w.TransferTokens(w.T.Context(), apptest.Admin(w.B), id)
			w.Must(err)
			return func() error { return w.RevokeTransferToken(w.T.Context(), apptest.Admin(w.B), id, list[0].ID) }
		},
		"TakeOver": func(w *apptest.World) func() error {
			to, token := customersOfToken(w)
			return func() error {
				_, err := w.TakeOver(w.T.Context(), apptest.Admin(w.A), app.TransferIn{CustomerID: to, Token: token})
				return err
			}
		},
		"TransferOut": func(w *apptest.World) func() error {
			id := w.AddCustomers(w.B, 1, nil)[0]
			return func() error { return w.TransferOut(w.T.Context(), apptest.Admin(w.B), id) }
		},
		"SuspendSubscription": of(func(w *apptest.World, admin console.Actor, _, sub string) error {
			return w.SuspendSubscription(w.T.Context(), admin, sub)
		}, nil),
		"ReactivateSubscription": of(func(w *apptest.World, admin console.Actor, _, sub string) error {
			return w.ReactivateSubscription(w.T.Context(), admin, sub)
		}, by(customer.SuspendedByReseller)),
		"VendorSuspend": of(func(w *apptest.World, _ console.Actor, _, sub string) error {
			return w.VendorSuspend(w.T.Context(), apptest.Operator(w.B), sub)
		}, nil),
		"LiftVendorSuspension": of(func(w *apptest.World, _ console.Actor, _, sub string) error {
			return w.LiftVendorSuspension(w.T.Context(), apptest.Operator(w.B), sub)
		}, by(customer.SuspendedByVendor)),
		"CancelOrder": of(func(w *apptest.World, admin console.Actor, _, _ string) error {
			return w.CancelOrder(w.T.Context(), admin, "ord_1")
		}, nil),
		"FulfilOrder": of(func(w *apptest.World, _ console.Actor, _, _ string) error {
			return w.FulfilOrder(w.T.Context(), apptest.Operator(w.B), "ord_1")
		}, nil),
		"RejectOrder": of(func(w *apptest.World, _ console.Actor, _, _ string) error {
			return w.RejectOrder(w.T.Context(), apptest.Operator(w.B), "ord_1", "no")
		}, nil),
	}
}

// plain needs nothing made ready.
func plain(do func(ctx context.Context, w *apptest.World, operator console.Actor) error) act {
	return func(w *apptest.World) func() error {
		return func() error { return do(w.T.Context(), w, apptest.Operator(w.A)) }
	}
}

func operatorActs() map[string]act {
	return map[string]act{
		"UseBalance": func(w *apptest.World) func() error {
			account := credited(w)
			return func() error {
				_, err := w.UseBalance(w.T.Context(), apptest.Operator(w.B), app.BalanceUse{AccountID: account, Amount: "1", Reason: "agreed"})
				return err
			}
		},
		"SetPaymentDays": plain(func(ctx context.Context, w *apptest.World, operator console.Actor) error {
			return w.SetPaymentDays(ctx, operator, apptest.Account(w.A, "JPY", "le_1"), 10)
		}),
		"CreateBillingAccount": plain(func(ctx context.Context, w *apptest.World, _ console.Actor) error {
			_, err := w.CreateBillingAccount(ctx, apptest.Admin(w.A), newAccount("le_1"))
			return err
		}),
		"RequestBillingAccount": plain(func(ctx context.Context, w *apptest.World, _ console.Actor) error {
			return w.RequestBillingAccount(ctx, apptest.Admin(w.A), "EUR", catalog.GoogleWorkspace)
		}),
		"SetBillingAccountState": plain(func(ctx context.Context, w *apptest.World, operator console.Actor) error {
			return w.SetBillingAccountState(ctx, operator, apptest.Account(w.A, "JPY", "le_1"), billing.RestrictAccount)
		}),
		"SignAgreement": func(w *apptest.World) func() error {
			w.Exec(`DELETE FROM agreements`)
			return func() error { return w.SignAgreement(w.T.Context(), apptest.Admin(w.A), "le_1") }
		},
		"GrantSKUs": func(w *apptest.World) func() error {
			w.Exec(`DELETE FROM sku_authorizations`)
			return func() error { return w.GrantSKUs(w.T.Context(), apptest.Operator(w.A), []string{apptest.Seats}) }
		},
		"LoadCatalog": plain(func(ctx context.Context, w *apptest.World, operator console.Actor) error {
			return w.LoadCatalog(ctx, operator, []catalog.Item{{
				SKU: catalog.SKU{ID: "sku_x", Product: "P", Name: "N", Group: catalog.GoogleWorkspace},
			}})
		}),
		"SetPrice": func(w *apptest.World) func() error {
			priced(w)
			return func() error {
				_, err := w.SetPrice(w.T.Context(), apptest.Operator(w.A), stepOf(catalog.Flexible, 20, 1_500))
				return err
			}
		},
		"ChangeSetting": plain(func(ctx context.Context, w *apptest.World, operator console.Actor) error {
			return w.ChangeSetting(ctx, operator, store.SettingWaiting, "3d")
		}),
		"CreateIssuer": plain(func(ctx context.Context, w *apptest.World, operator console.Actor) error {
			_, err := w.CreateIssuer(ctx, operator, billing.Issuer{Code: "V", Name: "Vendor"})
			return err
		}),
		"NoteJobs": plain(func(ctx context.Context, w *apptest.World, operator console.Actor) error {
			return w.NoteJobs(ctx, operator, "POST /api/jobs/retry")
		}),
		"EditIssuer": func(w *apptest.World) func() error {
			w.AddIssuer()
			list, err := w.Issuers(w.T.Context(), apptest.Operator(w.A))
			w.Must(err)
			return func() error {
				_, err := w.EditIssuer(w.T.Context(), apptest.Operator(w.A), billing.Issuer{ID: list[0].ID, Name: "Vendor Japan"})
				return err
			}
		},
		"CloseMonth": func(w *apptest.World) func() error {
			w.AddIssuer()
			w.Clock.Advance(w.Clock.Ahead() + 40*24*time.Hour)
			return func() error {
				_, err := w.CloseMonth(w.T.Context(), apptest.Operator(w.A), civil.NewDate(2026, time.October, 1).Month())
				return err
			}
		},
		"CreateConsole": plain(func(ctx context.Context, w *apptest.World, operator console.Actor) error {
			_, err := w.CreateConsole(ctx, operator, "Reseller", "D")
			return err
		}),
		"SuspendConsole": plain(func(ctx context.Context, w *apptest.World, operator console.Actor) error {
			return w.SuspendConsole(ctx, operator, "unpaid")
		}),
		"ReactivateConsole": func(w *apptest.World) func() error {
			suspend(w, &w.A)
			return func() error { return w.ReactivateConsole(w.T.Context(), apptest.Operator(w.A), "paid") }
		},
		"CreateLegalEntity": plain(func(ctx context.Context, w *apptest.World, operator console.Actor) error {
			_, err := w.CreateLegalEntity(ctx, operator, "Three", "DE")
			return err
		}),
	}
}

const duePassword = "a long enough password"

func personActs() map[string]act {
	person := func(w *apptest.World) console.Person {
		p, err := w.CreatePerson(w.T.Context(), apptest.Operator(w.A), console.Person{Name: "P", Email: "p@x.example"})
		w.Must(err)
		return p
	}
	link := func(w *apptest.World) string {
		secret, err := w.OfferPasswordReset(w.T.Context(), apptest.Operator(w.A), person(w).Email)
		w.Must(err)
		return secret
	}
	return map[string]act{
		"CreatePerson": plain(func(ctx context.Context, w *apptest.World, operator console.Actor) error {
			_, err := w.CreatePerson(ctx, operator, console.Person{Name: "P", Email: "p@x.example"})
			return err
		}),
		"EndOperator": plain(func(ctx context.Context, w *apptest.World, operator console.Actor) error {
			for _, email := range []string{"o1@x.example", "o2@x.example"} {
				if _, err := w.CreatePerson(ctx, operator, console.Person{Name: "O", Email: email, Operator: true}); err != nil {
					return err
				}
			}
			return w.EndOperator(ctx, operator, "o1@x.example")
		}),
		"TellHelp": plain(func(ctx context.Context, w *apptest.World, _ console.Actor) error {
			return w.TellHelp(ctx, apptest.As(w.A, console.RoleViewer), app.HelpOpinion{Topic: "T", Helpful: true})
		}),
		"MakeRole": plain(func(ctx context.Context, w *apptest.World, _ console.Actor) error {
			_, err := w.MakeRole(ctx, apptest.Admin(w.A), "R", nil)
			return err
		}),
		"ChangeRole": func(w *apptest.World) func() error {
			r, err := w.MakeRole(w.T.Context(), apptest.Admin(w.A), "R", nil)
			w.Must(err)
			return func() error {
				_, err := w.ChangeRole(w.T.Context(), apptest.Admin(w.A), r.ID, "S", nil)
				return err
			}
		},
		"ArchiveRole": func(w *apptest.World) func() error {
			r, err := w.MakeRole(w.T.Context(), apptest.Admin(w.A), "R", nil)
			w.Must(err)
			return func() error { return w.ArchiveRole(w.T.Context(), apptest.Admin(w.A), r.ID) }
		},
		"SetRole": plain(func(ctx context.Context, w *apptest.World, _ console.Actor) error {
			return w.SetRole(ctx, apptest.Admin(w.A), "p@x.example", console.RoleViewer)
		}),
		"Invite": plain(func(ctx context.Context, w *apptest.World, _ console.Actor) error {
			_, _, err := w.Invite(ctx, apptest.Admin(w.A), "p@x.example", console.RoleViewer)
			return err
		}),
		"WithdrawInvite": func(w *apptest.World) func() error {
			invite(w, "p@x.example", console.RoleViewer)
			return func() error { return w.WithdrawInvite(w.T.Context(), apptest.Admin(w.A), "P@x.example") }
		},
		"JoinByInvitation": func(w *apptest.World) func() error {
			secret := invite(w, "p@x.example", console.RoleViewer)
			return func() error {
				_, err := w.JoinByInvitation(w.T.Context(), secret, console.Person{Name: "P"}, duePassword)
				return err
			}
		},
		"AcceptInvitation": func(w *apptest.World) func() error {
			p := person(w)
			secret := invite(w, p.Email, console.RoleViewer)
			return func() error {
				_, err := w.AcceptInvitation(w.T.Context(), p.ID, secret)
				return err
			}
		},
		"SuspendMember": func(w *apptest.World) func() error {
			id := joined(w, "p@x.example", console.RoleViewer).ID
			return func() error { return w.SuspendMember(w.T.Context(), apptest.Admin(w.A), id) }
		},
		"ReactivateMember": func(w *apptest.World) func() error {
			id := joined(w, "p@x.example", console.RoleViewer).ID
			w.Must(w.SuspendMember(w.T.Context(), apptest.Admin(w.A), id))
			return func() error { return w.ReactivateMember(w.T.Context(), apptest.Admin(w.A), id) }
		},
		"RemoveMember": func(w *apptest.World) func() error {
			id := joined(w, "p@x.example", console.RoleViewer).ID
			return func() error { return w.RemoveMember(w.T.Context(), apptest.Admin(w.A), id) }
		},
		"OfferPasswordReset": func(w *apptest.World) func() error {
			p := person(w)
			return func() error {
				_, err := w.OfferPasswordReset(w.T.Context(), apptest.Operator(w.A), p.Email)
				return err
			}
		},
		"ResetPassword": func(w *apptest.World) func() error {
			secret := link(w)
			return func() error {
				_, err := w.ResetPassword(w.T.Context(), secret, duePassword)
				return err
			}
		},
		"ChangePassword": func(w *apptest.World) func() error {
			p, err := w.ResetPassword(w.T.Context(), link(w), duePassword)
			w.Must(err)
			return func() error {
				_, err := w.ChangePassword(w.T.Context(), p.ID, duePassword, duePassword+" two")
				return err
			}
		},
		"SetUp": func(w *apptest.World) func() error {
			secret, err := w.OfferSetup(w.T.Context())
			w.Must(err)
			return func() error {
				_, err := w.SetUp(w.T.Context(), secret, console.Person{Name: "First", Email: "first@x.example"}, duePassword)
				return err
			}
		},
	}
}
