"""Every method of the Web API that this workspace knows: its function, its scope, its token."""

from . import methods_chat as chat
from . import methods_conversations as conversations
from . import methods_misc as misc
from . import methods_people as people
from . import methods_stream as stream
from . import methods_views as views
from .web_api import Entry

METHODS: dict[str, Entry] = {
    "api.test": Entry(people.api_test, token="any"),
    "apps.connections.open": Entry(people.connections_open, token="app"),
    "assistant.threads.setStatus": Entry(misc.set_status, "chat:write"),
    "assistant.threads.setSuggestedPrompts": Entry(misc.set_prompts, "chat:write"),
    "assistant.threads.setTitle": Entry(misc.set_title, "chat:write"),
    "auth.test": Entry(people.auth_test, token="bot|app"),
    "bots.info": Entry(people.bots_info, "users:read"),
    "chat.appendStream": Entry(stream.append, "chat:write"),
    "chat.delete": Entry(chat.delete, "chat:write"),
    "chat.getPermalink": Entry(chat.get_permalink),
    "chat.postEphemeral": Entry(chat.post_ephemeral, "chat:write"),
    "chat.postMessage": Entry(chat.post_message, "chat:write"),
    "chat.startStream": Entry(stream.start, "chat:write"),
    "chat.stopStream": Entry(stream.stop, "chat:write"),
    "chat.update": Entry(chat.update, "chat:write"),
    "conversations.history": Entry(conversations.history),
    "conversations.info": Entry(conversations.info),
    "conversations.invite": Entry(conversations.invite),
    "conversations.join": Entry(conversations.join),
    "conversations.list": Entry(conversations.list_all),
    "conversations.members": Entry(conversations.members),
    "conversations.open": Entry(conversations.open_im),
    "conversations.replies": Entry(conversations.replies),
    "files.completeUploadExternal": Entry(misc.complete_upload, "files:write"),
    "files.delete": Entry(misc.file_delete, "files:write"),
    "files.getUploadURLExternal": Entry(misc.upload_url, "files:write"),
    "files.info": Entry(misc.file_info, "files:read"),
    "reactions.add": Entry(misc.reactions_add, "reactions:write"),
    "reactions.get": Entry(misc.reactions_get, "reactions:read"),
    "reactions.remove": Entry(misc.reactions_remove, "reactions:write"),
    "team.info": Entry(people.team_info, "team:read"),
    "usergroups.users.list": Entry(people.usergroup_users, "usergroups:read"),
    "users.conversations": Entry(conversations.of_user),
    "users.info": Entry(people.users_info, "users:read"),
    "users.list": Entry(people.users_list, "users:read"),
    "views.open": Entry(views.opened),
    "views.publish": Entry(views.published),
    "views.push": Entry(views.pushed),
    "views.update": Entry(views.updated),
}
