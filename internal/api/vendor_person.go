package api

import (
	"context"

	"psc/internal/console"
	pscv1 "psc/proto/psc/v1"
)

// ListPeople implements pscv1.PersonServiceServer.
func (v vendor) ListPeople(ctx context.Context, r *pscv1.ListPeopleRequest) (*pscv1.ListPeopleResponse, error) {
	actor, err := operator(ctx)
	if err != nil {
		return nil, err
	}
	list, err := v.app.People(ctx, actor)
	if err != nil {
		return nil, err
	}
	rows, next, err := pageOf(r, list)
	return &pscv1.ListPeopleResponse{People: each(rows, personOf), NextPageToken: next}, err
}

// CreatePerson implements pscv1.PersonServiceServer.
func (v vendor) CreatePerson(ctx context.Context, r *pscv1.CreatePersonRequest) (*pscv1.Person, error) {
	actor, err := operator(ctx)
	if err != nil {
		return nil, err
	}
	in := r.GetPerson()
	p, err := v.app.CreatePerson(ctx, actor, console.Person{
		Email: in.GetEmail(), Name: in.GetDisplayName(), Language: in.GetLanguageCode(), TimeZone: in.GetTimeZone(), Operator: in.GetOperator(),
	})
	if err != nil {
		return nil, err
	}
	return personOf(p), nil
}

// OfferPasswordReset implements pscv1.PersonServiceServer.
func (v vendor) OfferPasswordReset(ctx context.Context, r *pscv1.OfferPasswordResetRequest) (*pscv1.OfferPasswordResetResponse, error) {
	actor, err := operator(ctx)
	if err != nil {
		return nil, err
	}
	secret, err := v.app.OfferPasswordReset(ctx, actor, r.GetEmail())
	if err != nil {
		return nil, err
	}
	return &pscv1.OfferPasswordResetResponse{Link: v.base.JoinPath("reset", secret).String()}, nil
}

func personOf(p console.Person) *pscv1.Person {
	return &pscv1.Person{
		Name: "people/" + p.ID, Id: p.ID, Email: p.Email, DisplayName: p.Name, LanguageCode: p.Language, TimeZone: p.TimeZone,
		Operator: p.Operator, CreateTime: instant(p.CreatedAt),
	}
}
