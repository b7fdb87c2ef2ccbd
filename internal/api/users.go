package api

import (
	"context"

	"psc/internal/app"
	"psc/internal/console"
	pscv1 "psc/proto/psc/v1"
)

const users = "users"

// ListUsers implements pscv1.UserServiceServer.
func (o own) ListUsers(ctx context.Context, r *pscv1.ListUsersRequest) (*pscv1.ListUsersResponse, error) {
	p, err := at(ctx, "parent", r.GetParent())
	if err != nil {
		return nil, err
	}
	list, err := o.app.Members(ctx, p.actor)
	if err != nil {
		return nil, err
	}
	rows, next, err := pageOf(r, list, p.actor.ConsoleID)
	return &pscv1.ListUsersResponse{Users: each(rows, p.user), NextPageToken: next}, err
}

// GetUser implements pscv1.UserServiceServer.
func (o own) GetUser(ctx context.Context, r *pscv1.GetUserRequest) (*pscv1.User, error) {
	p, err := at(ctx, "name", r.GetName(), users)
	if err != nil {
		return nil, err
	}
	return o.user(ctx, p)
}

func (o own) user(ctx context.Context, p place) (*pscv1.User, error) {
	m, err := o.app.Member(ctx, p.actor, p.ids[0])
	if err != nil {
		return nil, err
	}
	return p.user(m), nil
}

// InviteUser implements pscv1.UserServiceServer.
func (o own) InviteUser(ctx context.Context, r *pscv1.InviteUserRequest) (*pscv1.InviteUserResponse, error) {
	p, err := at(ctx, "parent", r.GetParent())
	if err != nil {
		return nil, err
	}
	secret, until, err := o.app.Invite(ctx, p.actor, r.GetEmail(), console.Role(r.GetRole()))
	if err != nil {
		return nil, err
	}
	return &pscv1.InviteUserResponse{Path: "/join/" + secret, ExpireTime: instant(until)}, nil
}

// WithdrawInvite implements pscv1.UserServiceServer.
func (o own) WithdrawInvite(ctx context.Context, r *pscv1.WithdrawInviteRequest) (*pscv1.WithdrawInviteResponse, error) {
	p, err := at(ctx, "parent", r.GetParent())
	if err != nil {
		return nil, err
	}
	return &pscv1.WithdrawInviteResponse{}, o.app.WithdrawInvite(ctx, p.actor, r.GetEmail())
}

// SetRole implements pscv1.UserServiceServer.
func (o own) SetRole(ctx context.Context, r *pscv1.SetRoleRequest) (*pscv1.SetRoleResponse, error) {
	p, err := at(ctx, "parent", r.GetParent())
	if err != nil {
		return nil, err
	}
	return &pscv1.SetRoleResponse{}, o.app.SetRole(ctx, p.actor, r.GetEmail(), console.Role(r.GetRole()))
}

// SuspendUser implements pscv1.UserServiceServer.
func (o own) SuspendUser(ctx context.Context, r *pscv1.SuspendUserRequest) (*pscv1.User, error) {
	return o.changeUser(ctx, r.GetName(), o.app.SuspendMember)
}

// ReactivateUser implements pscv1.UserServiceServer.
func (o own) ReactivateUser(ctx context.Context, r *pscv1.ReactivateUserRequest) (*pscv1.User, error) {
	return o.changeUser(ctx, r.GetName(), o.app.ReactivateMember)
}

func (o own) changeUser(ctx context.Context, name string, change func(context.Context, console.Actor, string) error) (*pscv1.User, error) {
	p, err := at(ctx, "name", name, users)
	if err != nil {
		return nil, err
	}
	if err := change(ctx, p.actor, p.ids[0]); err != nil {
		return nil, err
	}
	return o.user(ctx, p)
}

// RemoveUser implements pscv1.UserServiceServer.
func (o own) RemoveUser(ctx context.Context, r *pscv1.RemoveUserRequest) (*pscv1.RemoveUserResponse, error) {
	p, err := at(ctx, "name", r.GetName(), users)
	if err != nil {
		return nil, err
	}
	return &pscv1.RemoveUserResponse{}, o.app.RemoveMember(ctx, p.actor, p.ids[0])
}

// ListRoles implements pscv1.UserServiceServer.
func (o own) ListRoles(ctx context.Context, r *pscv1.ListRolesRequest) (*pscv1.ListRolesResponse, error) {
	p, err := at(ctx, "parent", r.GetParent())
	if err != nil {
		return nil, err
	}
	list, err := o.app.Roles(ctx, p.actor)
	if err != nil {
		return nil, err
	}
	rows, next, err := pageOf(r, list, p.actor.ConsoleID)
	return &pscv1.ListRolesResponse{NextPageToken: next, Roles: each(rows, func(v app.RoleView) *pscv1.Role {
		return p.role(v.Membership, int64(v.Held))
	})}, err
}

// CreateRole implements pscv1.UserServiceServer.
func (o own) CreateRole(ctx context.Context, r *pscv1.CreateRoleRequest) (*pscv1.Role, error) {
	p, err := at(ctx, "parent", r.GetParent())
	if err != nil {
		return nil, err
	}
	made, err := o.app.MakeRole(ctx, p.actor, r.GetRole().GetDisplayName(), privileges(r.GetRole()))
	if err != nil {
		return nil, err
	}
	return p.role(console.Membership{Role: made.ID, Custom: made}, 0), nil
}

// UpdateRole implements pscv1.UserServiceServer.
func (o own) UpdateRole(ctx context.Context, r *pscv1.UpdateRoleRequest) (*pscv1.Role, error) {
	p, err := at(ctx, "role.name", r.GetRole().GetName(), "roles")
	if err != nil {
		return nil, err
	}
	id := console.Role(p.ids[0])
	if _, err := o.app.ChangeRole(ctx, p.actor, id, r.GetRole().GetDisplayName(), privileges(r.GetRole())); err != nil {
		return nil, err
	}
	list, err := o.app.Roles(ctx, p.actor)
	for _, v := range list {
		if v.Role == id {
			return p.role(v.Membership, int64(v.Held)), err
		}
	}
	return &pscv1.Role{}, err
}

// ArchiveRole implements pscv1.UserServiceServer.
func (o own) ArchiveRole(ctx context.Context, r *pscv1.ArchiveRoleRequest) (*pscv1.ArchiveRoleResponse, error) {
	p, err := at(ctx, "name", r.GetName(), "roles")
	if err != nil {
		return nil, err
	}
	return &pscv1.ArchiveRoleResponse{}, o.app.ArchiveRole(ctx, p.actor, console.Role(p.ids[0]))
}

func privileges(m *pscv1.Role) []console.Privilege {
	return each(m.GetPrivileges(), func(s string) console.Privilege { return console.Privilege(s) })
}

func (p place) role(m console.Membership, holders int64) *pscv1.Role {
	return &pscv1.Role{
		Name: p.name("roles", string(m.Role)), Id: string(m.Role), DisplayName: m.Custom.Name, BuiltIn: m.Role.Valid(),
		Archived: m.Custom.Archived, Holders: holders,
		Privileges: each(m.Privileges(), func(p console.Privilege) string { return string(p) }),
	}
}

func (p place) user(m app.Member) *pscv1.User {
	u := &pscv1.User{
		Email: m.Person.Email, DisplayName: m.Person.Name, Role: string(m.Role), State: string(m.State),
		InviteExpireTime: instant(m.InvitedUntil),
	}
	if m.PersonID != "" {
		u.Name = p.name(users, m.PersonID)
	}
	return u
}
